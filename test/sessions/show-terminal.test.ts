import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'

test('a terminal gets colours, rendered Markdown and a pager', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk('Hi', 'Use **this** \x1b]0;evil\x07 now') }))
  const show = ['session', 'show', 'sample000001']
  const [paged, plain] = await Promise.all([
    onTerminal(home, show, [], { PAGER: 'sed s/^/P:/' }),
    onTerminal(home, show, [], { PAGER: 'cat', NO_COLOR: '1' }),
  ])
  expect([paged.code, plain.code]).toEqual([0, 0])
  const lines = paged.screen.replaceAll('\r', '').trim().split('\n')
  expect(lines.every((line) => line.startsWith('P:'))).toBe(true)
  expect(paged.screen).toContain('\x1b[')
  expect(paged.screen).not.toContain('**this**')
  expect(plain.screen).toContain('Use **this**')
  for (const { screen } of [paged, plain]) expect(screen).not.toContain('\x1b]0;')
})

test('what a person typed is shown as it is, for it may be code', async () => {
  const home = makeHome()
  const diff = '# a comment\n+ new __init__\n    indented <br>\n1) one'
  await seed(home, sample(1, { messages: talk(diff, '* one\n* **two**') }))
  const { screen } = await onTerminal(home, ['session', 'show', 'sample000001'], [], { PAGER: 'cat' })
  const text = stripVTControlCharacters(screen).replaceAll('\r', '')
  expect(text).toContain(`${diff}\n`)
  expect(text).toContain('* one\n* two\n')
})
