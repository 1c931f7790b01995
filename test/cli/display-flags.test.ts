import { stripVTControlCharacters as plain } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Io } from '../../core/contract/host.ts'
import type { DisplayFlags } from '../../core/contract/view.ts'
import { readLeadingFlags, withDisplayFlags } from '../../core/output/display-flags.ts'
import { jsonPainter } from '../../core/output/json-colors.ts'
import { makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'
import { sample, samples, seed } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'

describe('colors', () => {
  const colored = (look: DisplayFlags, env: NodeJS.ProcessEnv, interactive = true, color?: 'always' | 'auto' | 'never') =>
    withDisplayFlags({ view: {}, interactive } as Io, look, { env, config: { defaults: { color } } } as never).view.color

  test.each<[string, boolean, ...Parameters<typeof colored>]>([
    ['a terminal', true, {}, {}],
    ['a pipe', false, {}, {}, false],
    ['a dumb terminal', false, {}, { TERM: 'dumb' }],
    ['NO_COLOR', false, {}, { NO_COLOR: '1' }],
    ['NO_COLOR that is empty', true, {}, { NO_COLOR: '' }],
    ['NO_COLOR goes before FORCE_COLOR', false, {}, { NO_COLOR: '1', FORCE_COLOR: '1' }],
    ['FORCE_COLOR into a pipe', true, {}, { FORCE_COLOR: '1' }, false],
    ['FORCE_COLOR=0 on a terminal', false, {}, { FORCE_COLOR: '0' }],
    ['CLICOLOR_FORCE into a pipe', true, {}, { CLICOLOR_FORCE: '1' }, false],
    ['CLICOLOR_FORCE=0 forces nothing', false, {}, { CLICOLOR_FORCE: '0' }, false],
    ['the config, into a pipe', true, {}, {}, false, 'always'],
    ['the config on a terminal', false, {}, {}, true, 'never'],
    ['the environment goes before the config', true, {}, { FORCE_COLOR: '1' }, false, 'never'],
    ['the flag goes before the environment', true, { color: 'always' }, { NO_COLOR: '1', TERM: 'dumb' }, false, 'never'],
    ['the flag goes before the environment, for none too', false, { color: 'never' }, { FORCE_COLOR: '1' }, true, 'always'],
    ['auto goes before the config alone', true, { color: 'auto' }, {}, true, 'never'],
  ])('%s', (_, expected, ...given) => expect(colored(...given)).toBe(expected))

  test('of JSON change nothing but the look, whatever the texts hold', () => {
    const value = { '': [], 'a": ': {}, 'b\\"': ['x]', ': ', '\\', '\\"', null, -1.5e300, true, [{}]], c: { d: '\n{' } }
    const text = `${JSON.stringify(value, null, 2)}\n`
    for (const size of [1, 7, text.length]) {
      const add = jsonPainter()
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
      expect(plain(pieces.map(add).join(''))).toBe(text)
    }
    expect(jsonPainter()('  "b\\"": "x]",\n')).toBe('  \x1b[36m"b\\""\x1b[39m: \x1b[32m"x]"\x1b[39m,\n')
    const long = JSON.stringify('"'.repeat(5_000_000))
    expect(jsonPainter()(`${long}\n`)).toBe(`\x1b[32m${long}\x1b[39m\n`)
  })
})

test('flags before a command', () => {
  expect(readLeadingFlags(['--color', 'never', '--no-pager', '--debug', 'session', '--color=always'])).toEqual({
    flags: { color: 'never', pager: false },
    help: false,
    words: ['session', '--color=always'],
  })
})

test('--color on both sides of a command, and what it does not take', async () => {
  const home = makeHome()
  await seed(home, sample(1))
  const colored = '{\n  \x1b[36m"a"\x1b[39m: \x1b[33m1\x1b[39m\n}\n'
  expect(await home.ok('query', '{"a": 1}', '--color', 'always')).toBe(colored)
  expect(await home.ok('--color=always', 'query', '{"a": 1}')).toBe(colored)
  const { stdout } = await home.runWith({ env: { FORCE_COLOR: '1' } }, 'query', '{"a": 1}')
  expect(stdout, 'a program reads it').toBe('{\n  "a": 1\n}\n')
  expectProblem(
    await home.run('--color', 'alwys', 'query', '1'),
    2,
    '--color "alwys": expected auto, always, never',
    'did you mean always?',
  )
  expectProblem(await home.run('query', '1', '--color'), 2, '--color needs a value')
})

test('they complete, before a command and after it', async () => {
  const home = makeHome()
  const completed = async (...words: string[]) =>
    (await home.ok('complete', 'fish', '--', ...words)).split('\n').map((line) => line.split('\t')[0])
  expect(await completed('--co')).toEqual(['--color', ''])
  expect(await completed('--color', 'ne')).toEqual(['never', ''])
  expect(await completed('--color', 'never', '--no-pager', 'session', 'sho')).toEqual(['show', ''])
  expect(await completed('session', 'list', '--co')).toEqual(['--color', ''])
  expect(await completed('session', 'list', '--color', 'al')).toEqual(['always', ''])
})

test('on a terminal JSON is colored, and a note stands after it', async () => {
  const home = makeHome()
  await seed(home, ...samples(2))
  const { screen } = await onTerminal(home, ['session', 'list', '--json', '-n', '1'])
  expect(screen).toContain('\x1b[36m"id"\x1b[39m: \x1b[32m"sample')
  expect(screen).toMatch(/\r\n\]\r\n1 of 2; --all shows all\r\n$/)
  expect(JSON.parse(plain(screen).replace(/1 of 2.*/, ''))).toHaveLength(1)
  const never = await onTerminal(home, ['session', 'list', '--json', '-n', '1', '--color', 'never'])
  expect(never.screen).not.toContain('\x1b')
})

test('--no-pager and a dumb terminal page nothing', async () => {
  const home = makeHome()
  await seed(home, sample(1))
  const shown = (argv: string[], env: NodeJS.ProcessEnv = {}) =>
    onTerminal(home, ['session', 'show', 'sample000001', ...argv], [], { PAGER: 'sed s/^/paged/', ...env })
  expect((await shown([])).screen).toContain('paged')
  expect((await shown(['--no-pager'])).screen).not.toContain('paged')
  expect((await shown([], { TERM: 'dumb' })).screen).not.toContain('paged')
})
