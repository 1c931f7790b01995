import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { escapeRoff, manPage } from '../../scripts/man.ts'
import { root } from '../helpers/cli.ts'

const file = path.join(root, 'man/ainative-code.1')

test('the manual page has every command and every flag of docs/commands.md, and is in the package', () => {
  const man = fs.readFileSync(file, 'utf8')
  const documented = fs.readFileSync(path.join(root, 'docs/commands.md'), 'utf8')
  const parts = documented.split(/^## /m).slice(1)
  expect(parts.length).toBeGreaterThan(40)
  for (const part of parts) {
    const [name = ''] = part.split('\n', 1)
    const own = man.slice(man.indexOf(`.SS ${escapeRoff(name)}\n`)).split('\n.SS ', 1)[0] ?? ''
    for (const [, flag = '', about = ''] of part.matchAll(/^ {2,6}((?:-\w, )?--\S.*?)(?: {2,}(.*))?$/gm))
      expect(own, name).toContain(`.TP\n.B ${escapeRoff(flag)}\n${escapeRoff(about)}`)
  }
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  expect(manifest).toMatchObject({ man: ['man/ainative-code.1'], files: expect.arrayContaining(['man']) })
})

test('a text in it is no request of roff', () => {
  const page = { usage: 'x', text: ['.so /etc/passwd', "'br", 'a\\fBb --c'], sections: [] }
  expect(manPage(page, [])).toContain("\\&.so /etc/passwd\n.PP\n\\&'br\n.PP\na\\efBb \\-\\-c\n")
})

test.skipIf(spawnSync('groff', ['--version']).status !== 0)('groff reads it without a warning', () => {
  const { stdout, stderr } = spawnSync('groff', ['-man', '-Tutf8', '-wall', file], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout).toContain('session import')
})
