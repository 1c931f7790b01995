import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { createMarkdownRenderer } from '../../plugins/formats/markdown-renderer.ts'
import { backup } from '../helpers/backup.ts'
import { makeHome } from '../helpers/cli.ts'
import { answer, openShell } from '../helpers/pty.ts'
import { readPieces, WIRES } from '../helpers/wire/read.ts'

/** The least processor time of a few rounds, in microseconds. */
function fastest(work: () => void): number {
  const rounds = Array.from({ length: 4 }, () => {
    const begin = process.cpuUsage()
    work()
    return process.cpuUsage(begin).user
  })
  return Math.min(...rounds)
}

const render = (text: string) => {
  const blocks = createMarkdownRenderer(() => 80)
  return stripVTControlCharacters(blocks.add(text) + blocks.end())
}

test.each([
  ['a code block', '```\n', 'let x = 1\n'],
  ['a paragraph', '', 'word '],
  ['a list', '', '- item\n\n'],
])('%s of 40,000 pieces takes no longer a piece than one of 4,000', (_, start, piece) => {
  const take = (count: number) =>
    fastest(() => {
      const blocks = createMarkdownRenderer(() => 80)
      blocks.add(start)
      for (let left = count; left > 0; left--) blocks.add(piece)
    }) / count
  expect(take(40_000) / take(4000)).toBeLessThan(5)
})

test.each([
  ...['*a ', '_a ', '[a](', '![', '`', '~a ', '<a ', '**a *b ', '[', '&a', '漢字', '\\(', '\\[ '].map((part) => ['', part]),
  ['| a | b |\n|---|---|\n', '| a | b |\n'],
  ['```\n', ' '],
  ['```\n', '\n'],
])('one block of %j and then many %j is read in linear time', (start = '', part = '') => {
  const take = (size: number) => fastest(() => render(start + part.repeat(size / part.length)))
  expect(take(160_000) / Math.max(take(20_000), 1000)).toBeLessThan(32)
})

test('sorting many sessions takes hardly longer than reading them', async () => {
  const home = makeHome()
  home.write('b.json', backup({ sessions: 6000, messages: 1 }))
  await home.ok('session', 'import', '-i', 'b.json')
  const time = async (expression: string) => {
    const start = performance.now()
    await home.ok('query', expression)
    return performance.now() - start
  }
  const read = await time('$count(sessions)')
  for (const sort of [
    'sessions@$s^(>$s.title).$s',
    'sessions#$i^(>title).$i',
    'sessions^(>title)',
    'sessions^($length(title), title)',
    '$sort(sessions, function($a, $b){ $a.title > $b.title })',
  ])
    expect(await time(`$count(${sort})`), sort).toBeLessThan(5 * read + 1000)
})

test('a pasted line of 1 MB runs within seconds', async () => {
  const shell = await openShell(makeHome())
  const start = performance.now()
  await answer(shell, `$length("${'x'.repeat(1_000_000)}") + 1`, /\r\n1000001\r\n/)
  expect(performance.now() - start).toBeLessThan(8000)
})

test.each<[string, (at: number) => object]>([
  ['an unknown field', (at) => ({ aside: `this is said beside the reply (${at})` })],
  ['a label', () => ({ channel: 'final', speaker: 'bot' })],
  ['a source that holds text', (at) => ({ annotations: [{ url: `https://example.com/${at}`, content: `source ${at}` }] })],
])('a reply of 50,000 pieces that each have %s is read in linear time', async (_, fieldsOf) => {
  const take = async (count: number) => {
    const pieces = Array.from({ length: count }, (_, at) => ({ choices: [{ delta: { content: `${at} `, ...fieldsOf(at) } }] }))
    const end = { choices: [{ delta: {}, finish_reason: 'stop' }] }
    const body = Buffer.from([...pieces, end].map((each) => `data: ${JSON.stringify(each)}\n\n`).join(''))
    const begin = process.cpuUsage()
    expect(await readPieces([body], WIRES.openai)).not.toHaveProperty('error')
    return process.cpuUsage(begin).user
  }
  await take(5000)
  expect((await take(50_000)) / (await take(5000))).toBeLessThan(30)
})
