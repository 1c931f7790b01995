import { expect, test } from 'vitest'
import { commandIndex } from '../../scripts/build/commands.ts'

test('an index holds what a start needs of a command, and loads the command from its own file', async () => {
  const command = { name: 'trust', summary: 'Trust\na "config"', group: 'Plugins', tolerant: true, run: () => 'run', input: {} }
  const index = commandIndex("export { trust } from './trust.ts'\n", { trust: command })
  expect(index).toMatch(/^export const trust = \{ \.\.\.\{.*\}, load: async \(\) => \(await import\('\.\/trust\.ts'\)\)\.trust \}\n$/)
  expect(JSON.parse(/\{ \.\.\.(\{.*\}), load/.exec(index)?.[1] ?? '')).toEqual({
    name: 'trust',
    summary: 'Trust\na "config"',
    group: 'Plugins',
    tolerant: true,
  })
})

test.each(['const trust = 1', "export * from './trust.ts'", "export { other } from './trust.ts'", ''])('%j fails the build', (line) => {
  expect(() => commandIndex(line, { trust: { name: 'trust' } })).toThrow('a line of command-index.ts is not of the form')
})
