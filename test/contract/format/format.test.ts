import { contributionsOf, formatCases } from 'ainative-code/testing'
import { expect, test } from 'vitest'
import plugin from '../../../plugins/formats/index.ts'

const { formats } = contributionsOf(plugin)

test('the suite covers every built-in format', () => {
  expect(formats.map(({ name }) => name)).toEqual(['json', 'jsonl', 'markdown', 'text'])
})

for (const format of formats) for (const { name, run } of formatCases(format)) test(name, run)

test('a format that breaks the contract fails', async () => {
  const broken = { name: 'broken', extension: 'md', write: () => 'nothing' }
  const failures: string[] = []
  for (const { name, run } of formatCases(broken)) await run().catch(() => void failures.push(name))
  expect(failures).toEqual(['format broken: has a name and an extension', 'format broken: writes the contents of messages'])
})
