import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { measureAny } from '../../core/output/width.ts'
import { type Home, homeAt, makeHome, removeHome, root } from '../helpers/cli.ts'
import { okHere } from '../helpers/here.ts'
import { type MessageFile, sample, seed } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'

/** 400 days up to Wednesday, 2024-05-15, of which every tenth has messages: one at first, 41 at last. */
const messages = (): MessageFile[] =>
  Array.from({ length: 41 }, (_, i) => Date.UTC(2024, 4, 15, 10 + (i % 3)) - (40 - i) * 10 * 86_400_000).flatMap((ms, i) =>
    Array.from({ length: i + 1 }, () => ({
      role: i % 2 ? 'assistant' : 'user',
      content: 'x',
      timestamp: new Date(ms).toISOString(),
      ...(i % 4 === 1 && { usage: { input: 1_000_000, output: 5 } }),
    })),
  )

const TITLE = '日本語のとても長い題名'.repeat(8)
/** A home that every test reads. */
const home = homeAt(fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-test-')))
beforeAll(() =>
  seed(
    home,
    sample(1, { title: `\x1b]0;evil\x07${TITLE}`, model: `\x1b[31m${'é'.repeat(60)}`, messages: messages() }),
    sample(2, { title: 'Short', model: 'gpt-4o', metadata: { tags: [], project: '项目'.repeat(20) }, messages: messages().slice(0, 9) }),
  ),
)
afterAll(() => removeHome(home.dir))

const shown = async (home: Home, argv: string[], cols: number, env: NodeJS.ProcessEnv = {}) => {
  const { code, screen } = await onTerminal(home, argv, [], env, cols)
  expect(code).toBe(0)
  return screen.replaceAll('\r', '')
}
const linesOf = (screen: string) => stripVTControlCharacters(screen).split('\n')

describe.each([40, 60, 80, 200])('on a terminal of %i columns', (cols) => {
  test.each([[[]], [['--by', 'model']], [['--by', 'model,project']], [['--by', 'week']], [['--by', 'hour', '--top', '2']]])(
    'session stats %j fits',
    async (flags) => {
      const measure = await measureAny()
      const screen = await shown(home, ['session', 'stats', ...flags], cols)
      // Notes for standard error are sentences, which a terminal wraps.
      for (const line of linesOf(screen).filter((each) => !/^some replies|groups shown$/.test(each)))
        expect(measure(line, 10_000).width, line).toBeLessThanOrEqual(cols)
      // Long names leave no room for bars.
      if (cols === 200 || !flags.includes('--by') || /week|hour/.test(flags.join())) expect(screen).toContain('\x1b[32m')
      expect(screen).not.toContain('\x1b]0;')
      expect(screen).not.toContain('\x1b[31m')
    },
  )
})

test('shows a year with weeks as columns, darker where there are more messages', async () => {
  const screen = linesOf(await shown(home, ['session', 'stats'], 80))
  const from = screen.indexOf('Messages by Day')
  expect(screen.slice(from, from + 13).join('\n')).toMatchInlineSnapshot(`
    "Messages by Day
          Jun Jul  Aug Sep Oct  Nov Dec  Jan Feb Mar  Apr May
    Mon ········░·········▒·········▓·········▓·········█····
    Tue ·····░·········▒·········▒·········▓·········█·······
    Wed ··░·········░·········▒·········▓·········█·········█
    Thu ·········░·········▒·········▓·········▓·········█··
    Fri ······░·········▒·········▒·········▓·········█·····
    Sat ···░·········░·········▒·········▓·········█········
    Sun ░·········░·········▒·········▓·········█·········█·
        less ·░▒▓█ more

    Messages by Hour
    ▁▁▁▁▁▁▁▁▁▁███▁▁▁▁▁▁▁▁▁▁▁"
  `)
})

test('the picture in docs/stats.md is what the examples give', async () => {
  const home = makeHome()
  await okHere(home, 'session', 'import', '-i', path.join(root, 'scripts/examples/usage.json'))
  const screen = await shown(home, ['session', 'stats'], 80, { NO_COLOR: '1' })
  const picture = /```text\n(Messages by Day\n[\s\S]*?)```/.exec(fs.readFileSync(path.join(root, 'docs/stats.md'), 'utf8'))?.[1]
  expect(screen).toContain(`\n${picture}\nBusiest Hours\n`)
})

test('is the same without colours', async () => {
  const [colours, plain] = [await shown(home, ['session', 'stats'], 80), await shown(home, ['session', 'stats'], 80, { NO_COLOR: '1' })]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what colours a terminal
  expect(plain).not.toMatch(/\x1b\[\d/)
  expect(linesOf(plain)).toEqual(linesOf(colours))
})

test('draws a bar for the messages of each group', async () => {
  const screen = await shown(home, ['session', 'stats', '--by', 'weekday'], 80, { NO_COLOR: '1' })
  expect(screen).toMatchInlineSnapshot(`
    "some replies have no token counts and are not part of the totals
    WEEKDAY SESSIONS MESSAGES TOKENS     INPUT      OUTPUT AVERAGE P95
    Mon     1        126      48,000,240 48,000,000 240    10d     10d 1h ████████▉
    Tue     1        112      22,000,110 22,000,000 110    10d     10d 1h ████████
    Wed     0        141      40,000,200 40,000,000 200    10d     10d 1h ██████████
    Thu     0        132      18,000,090 18,000,000 90     9d 23h  10d 1h █████████▍
    Fri     0        119      34,000,170 34,000,000 170    10d     10d 1h ████████▌
    Sat     0        105      14,000,070 14,000,000 70     9d 23h  10d    ███████▌
    Sun     0        135      26,000,130 26,000,000 130    10d     10d 1h █████████▋

    Cost: 202 messages of unknown price
    Unknown Price: anthropic/␛[31méééééééééééééééééééééééééééééééééé… (200 messages)
    Unknown Price: anthropic/gpt-4o (2 messages)
    Without Token Counts: 223 replies
    Catalogue: prices as of 2026-09-23
    "
  `)
})

test('a single message has a heatmap too, and none is drawn for no message', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: messages().slice(0, 1) }))
  const one = linesOf(await shown(home, ['session', 'stats'], 40))
  expect(
    one
      .filter((line) => /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) /.test(line))
      .join('')
      .match(/[░▒▓█]/g),
  ).toHaveLength(1)
  expect(await shown(makeHome(), ['session', 'stats'], 40)).not.toContain('Messages by Day')
})
