import { expect, test } from 'vitest'
import * as z from 'zod'
import { readArgv } from '../../../core/command/argv.ts'
import { defineCommand } from '../../../core/command/command.ts'

const command = defineCommand({
  name: 'demo',
  summary: 'Demo',
  args: ['id', 'words'],
  input: z.object({
    id: z.string(),
    words: z.array(z.string()).default([]),
    tag: z.array(z.string()).default([]).meta({ alias: 't' }),
    limit: z.coerce.number().int().positive().default(10).meta({ alias: 'n' }),
    reverse: z.boolean().default(false),
    activate: z.boolean().default(true),
  }),
  formats: ['table', 'json'],
  run: () => undefined,
})
const read = (...words: string[]) => readArgv(command, words)
const input = (...words: string[]) => read(...words).input

test.each([
  [['x'], { id: 'x', words: [], tag: [], limit: 10, reverse: false, activate: true }],
  [['x', 'a', 'b'], { words: ['a', 'b'] }],
  [['x', '-n', '3', '-t', 'go', '--tag', 'api'], { limit: 3, tag: ['go', 'api'] }],
  [['--tag=a=b', 'x', '--reverse', '--no-activate'], { tag: ['a=b'], reverse: true, activate: false }],
  [['x', '--', '--tag', '-n'], { words: ['--tag', '-n'] }],
  // Ids, tags and texts are never turned into numbers.
  ...['007', '1e5', '123456789012', '{"a":1}', 'a=b', ''].map((id) => [[id], { id }] as [string[], object]),
])('%j', (words, expected) => {
  expect(input(...words)).toMatchObject(expected)
})

test('--json and --format choose the format; --help needs no other word', () => {
  expect(read('x')).toMatchObject({ format: 'table', hasFormatFlag: false, help: false })
  expect(read('x', '--json')).toMatchObject({ format: 'json', hasFormatFlag: true })
  expect(read('x', '--format', 'json')).toMatchObject({ format: 'json', hasFormatFlag: true })
  expect(read('--help')).toMatchObject({ help: true })
})

test.each([
  [[], '<id>'],
  [['x', '--revers'], 'no flag --revers'],
  [['x', '--limit'], '--limit'],
  [['x', '--limit', '0'], '--limit'],
  [['x', '--format', 'yaml'], 'yaml'],
  [['x', '--reverse=yes'], '--reverse takes no value'],
])('%j is wrong usage', (words, message) => {
  expect(() => read(...words)).toThrow(expect.objectContaining({ exit: 2, message: expect.stringContaining(message) }))
})
