import { stripVTControlCharacters as plain } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type HelpPage, renderPage } from '../../core/command/help.ts'
import { sortCommands } from '../../plugins/help/overview.ts'
import { makeHome } from '../helpers/cli.ts'
import { openScreen } from '../helpers/screen.ts'

const PAGE: HelpPage = {
  summary: 'Do a thing with a summary that is longer than a narrow terminal',
  usage: 'ainative-code thing <id> [flags]',
  sections: [
    { title: 'Flags', rows: [{ name: '-n, --limit <count>', about: 'At most this many of the things (default: 10)' }] },
    { title: 'Bare', rows: [{ name: 'name', about: '' }] },
  ],
  examples: ['ainative-code thing abc123def456 --limit 3'],
}

describe('a page', () => {
  test.each([20, 40, 60, 100])('fits %i columns, with the same words', (width) => {
    const text = renderPage(PAGE, { width, color: false })
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width)
    const words = (given: string) => given.split(/\s+/)
    expect(words(text)).toEqual(words(renderPage(PAGE, { width: Number.POSITIVE_INFINITY, color: false })))
  })

  test('puts what is said of a name below it where there is little room', () => {
    const flags = (width: number) => /Flags:\n(.*?)\n\n/s.exec(renderPage(PAGE, { width, color: false }))?.[1]
    expect(flags(100)).toBe('  -n, --limit <count>  At most this many of the things (default: 10)')
    expect(flags(60)).toBe('  -n, --limit <count>  At most this many of the things\n                       (default: 10)')
    expect(flags(40)).toBe('  -n, --limit <count>\n    At most this many of the things\n    (default: 10)')
  })

  test('has bold names, and is otherwise the same', () => {
    for (const width of [20, 100]) {
      const colored = renderPage(PAGE, { width, color: true })
      expect(plain(colored)).toBe(renderPage(PAGE, { width, color: false }))
      expect(colored).toContain('\x1b[1mname\x1b[22m')
    }
  })

  test('of a plugin steers no terminal', () => {
    const evil = { name: 'a\x1b[2J', about: '\x1b]0;x\x07\u202e' }
    expect(renderPage({ usage: '\x1b[2J', sections: [{ title: '\x9b2J', rows: [evil] }] }, { width: 40, color: false })).toBe(
      'Usage: ␛[2J\n\n\ufffd2J:\n  a␛[2J  ␛]0;x␇\ufffd\n',
    )
  })
})

test('commands come in the order of work; those of other plugins come last, under their own heading', () => {
  const entries = ['zap', 'session purge', 'help', 'session delete', 'chat', 'session tags'].map((name) => ({ name, summary: '' }))
  const shown = sortCommands([...entries, { name: 'hush', summary: '', hidden: true }] as never).map(({ name }) => name)
  expect(shown).toEqual(['chat', 'session tags', 'session delete', 'session purge', 'help', 'zap'])
})

test('on a narrow terminal', async () => {
  const screen = openScreen(makeHome(), ['session'], { columns: 40, rows: 100 })
  await screen.ended()
  expect(screen.lines().slice(0, 7)).toEqual([
    'Usage: ainative-code session <command>',
    '[arguments] [flags]',
    '',
    'Commands:',
    '  session list',
    '    List sessions, newest first',
    '  session search',
  ])
  expect(screen.raw()).toContain('\x1b[1msession list\x1b[22m')
})
