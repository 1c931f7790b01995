import type { Metafile } from 'esbuild'
import { expect, test } from 'vitest'
import { checkStart } from '../../scripts/build/start.ts'

type Output = Metafile['outputs'][string]

const output = (sizes: Record<string, number>, ...imports: string[]): Output => ({
  bytes: 0,
  exports: [],
  inputs: Object.fromEntries(Object.entries(sizes).map(([file, bytesInOutput]) => [file, { bytesInOutput }])),
  imports: imports.map((path) => ({ path, kind: 'import-statement' })),
})

const start = (sizes: Record<string, number>, others: Record<string, Output> = {}) =>
  checkStart(
    { outputs: { main: output({}, 'chunk', 'empty'), chunk: output(sizes, ...Object.keys(others)), empty: output({}), ...others } },
    'main',
  )

test('a start of one file, with the packages that it needs, passes', () => {
  start({ 'core/main.ts': 9, 'node_modules/zod/v4/core/util.js': 100_000, 'node_modules/tapable/lib/Hook.js': 9 })
})

test.each<[string, Record<string, number>, Record<string, Output>]>([
  [
    'a start reads 2 files instead of one: scripts/build/start-modules.ts must import their modules',
    { 'core/main.ts': 9 },
    { more: output({ 'core/late.ts': 9 }) },
  ],
  ['a start loads the package @x/y: import the package where it is first needed', { 'node_modules/@x/y/z.js': 9 }, {}],
  ['a start loads 250000 bytes of zod', { 'node_modules/zod/a.js': 125_000, 'node_modules/zod/b.js': 125_000 }, {}],
])('%s', (message, sizes, others) => {
  expect(() => start(sizes, others)).toThrow(message)
})
