import fs from 'node:fs'
import path from 'node:path'
import { Problem } from 'ainative-code'
import { expect, test } from 'vitest'
import { PROBLEM_CODES } from '../../core/kernel/problem-codes.ts'
import { errorsPage } from '../../scripts/errors-doc.ts'
import { root } from '../helpers/cli.ts'

test('docs/errors.md is what npm run docs writes', () => {
  const page = fs.readFileSync(path.join(root, 'docs/errors.md'), 'utf8')
  expect(page).toBe(errorsPage())
  for (const [code, meaning] of Object.entries(PROBLEM_CODES)) expect(page).toContain(`| \`${code}\` | ${meaning} |`)
  expect(page.match(/\| (2|130) \|$/gm)).toEqual(['| 130 |', '| 2 |'])
})

test('each code is in use', () => {
  const sources = ['core', 'plugins'].flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('problem-codes.ts'))
      .map((name) => fs.readFileSync(path.join(root, folder, name), 'utf8')),
  )
  const registries = ['no-command', 'no-format', 'no-provider', 'no-function', 'no-completer', 'no-task']
  for (const code of Object.keys(PROBLEM_CODES).filter((each) => !registries.includes(each)))
    expect(
      sources.some((text) => text.includes(`'${code}'`)),
      code,
    ).toBe(true)
})

test('an unknown code does not compile; a code of a plugin does', () => {
  // @ts-expect-error no such code
  expect(new Problem('no-such-code', 'x').code).toBe('no-such-code')
  expect(new Problem('org:no-date', 'x').code).toBe('org:no-date')
})
