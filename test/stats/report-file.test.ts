import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { chromium, lookAt } from '../helpers/chromium.ts'
import { type Home, makeHome } from '../helpers/cli.ts'
import { okHere } from '../helpers/here.ts'
import { expectProblem } from '../helpers/problem.ts'
import { day, filesIn, sample, script, seed } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'

const HOSTILE = '</title><script>fetch("http://evil.example")</script><img src=https://evil.example/y>\x1b[31m\u202e\n&'

const reply = (number: number, fields = {}) => ({
  ...{ role: 'assistant', content: 'x', timestamp: day(number, 11), usage: { input: 1_000_000, output: 100_000 } },
  ...fields,
})

const made = async () => {
  const home = makeHome()
  home.write('.config/ainative-code/config.yaml', 'prices: { m: { input: 1, output: 5 } }')
  await seed(
    home,
    sample(1, { title: HOSTILE, provider: 'mine', model: 'm', messages: [reply(1), reply(2), reply(40)], metadata: { project: 'shop' } }),
    sample(2, { title: 'Plain', model: HOSTILE, messages: [reply(3, { timestamp: day(3, 14) }), { role: 'user', content: 'x' }] }),
    sample(3, {
      provider: 'ollama',
      model: 'llama3',
      messages: [reply(3, { cost: { amount: 0.25, currency: 'USD', source: 'reported' } })],
    }),
  )
  return home
}

const readReport = async (home: Home, ...flags: string[]) => {
  await okHere(home, 'session', 'stats', '--format', 'html', '-o', home.path('report.html'), ...flags)
  return home.read('report.html')
}

/** The rows below a heading. */
const rowsOf = (html: string, heading: string) => {
  const part = html.split(`<h2>${heading}</h2>`)[1]?.split('</section>')[0] ?? ''
  return [...part.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) => row.replace(/<\/t[hd]>/g, ' | ').replace(/<[^>]*>/g, ''))
}

test('writes the totals, models, days, hours, longest sessions and costs to one file', async () => {
  const home = await made()
  expect(await home.run('session', 'stats', '--format', 'html', '-o', 'report.html')).toEqual({
    ...{ code: 0, stderr: '', stdout: 'Wrote report.html\n' },
  })
  const html = home.read('report.html')
  expect(html).toContain('All sessions')
  expect(html).toContain('<dt>Sessions</dt><dd>3</dd>')
  expect(html).toContain('<dt>Cost</dt><dd>$4.75</dd>')
  expect(rowsOf(html, 'Models')).toContain('mine/m | 3 | 3,000,000 | 300,000 | $4.50 | ')
  expect(rowsOf(html, 'Models')).toContain('ollama/llama3 | 1 | 1,000,000 | 100,000 | $0.25 | ')
  expect(rowsOf(html, 'Months')).toEqual(['Month | Messages | Cost | ', '2024-01 | 5 | $3.25 | ', '2024-02 | 1 | $1.50 | '])
  expect(rowsOf(html, 'Days')).toContain('2024-01-03 | 2 | $0.25 | ')
  expect(rowsOf(html, 'Longest sessions')[1]).toMatch(/ \| sample000001 \| 3 \| \$4\.50 \| $/)
  expect(rowsOf(html, 'Cost').join('\n')).toMatch(/^Reported by providers \| 1 \| \$0\.25/m)
  expect(html).toMatch(/aria-label="Messages per hour of the day"/)
  expect(html).toMatch(/Prices as of \d{4}-\d\d-\d\d\./)
})

test('holds nothing that a browser would load or run, whatever titles and models say', async () => {
  const html = await readReport(await made())
  expect(html).not.toMatch(/<(script|img|iframe|object)|<[^<>]*\s(src|srcset|href|xlink:href)=(?!"data:,)|url\(|@import/i)
  for (const hostile of ['\x1b', '\u202e']) expect(html).not.toContain(hostile)
})

test('is about the sessions that are selected, or those of ids', async () => {
  const home = await made()
  expect(await readReport(home, '--project', 'shop', '--since', '2024-01-01')).toContain('--project shop --since 2024-01-01T00:00:00Z')
  expect(rowsOf(home.read('report.html'), 'Longest sessions')).toHaveLength(2)
  expect(await readReport(home, 'sample000002')).toContain('Session sample000002')
  expect(await readReport(home, 'sample000002', 'sample000003')).toContain('<dt>Sessions</dt><dd>2</dd>')
})

test('goes to standard output where that is piped, and needs -o on a terminal', async () => {
  const home = await made()
  const piped = await home.ok('session', 'stats', '--format', 'html')
  expect(piped).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/)
  expect(await home.ok('session', 'stats', '--format', 'html', '-o', '-')).toMatch(/^<!doctype html>/)
  expect((await script(home, 'session stats --format html')).stdout).toMatch(/^<!doctype html>/)
  const { code, screen } = await onTerminal(home, ['session', 'stats', '--format', 'html'])
  expect(code).toBe(2)
  expect(screen).toContain('an HTML report needs a file: -o')
  expect(screen).toContain('hint: ainative-code session stats --format html -o report.html')
})

test('-o writes every format, that of --format or of the name of the file', async () => {
  const home = await made()
  const stats = (...flags: string[]) => okHere(home, 'session', 'stats', ...flags)
  const write = (file: string, ...flags: string[]) => stats(...flags, '-o', home.path(file))
  await home.ok('session', 'stats', '-o', 'stats.json')
  for (const format of ['jsonl', 'csv', 'html', 'txt']) await write(`stats.${format}`)
  await write('models', '--by', 'model', '--format', 'csv')
  await write('table.csv', '--format', 'table')
  expect(home.read('table.csv')).toBe(home.read('stats.txt'))
  expect(JSON.parse(home.read('stats.json'))).toEqual(JSON.parse(await stats('--json')))
  expect(home.read('stats.jsonl')).toBe(await stats('--format', 'jsonl'))
  expect(home.read('stats.csv')).toBe(await stats('--format', 'csv'))
  expect(home.read('stats.html')).toMatch(/^<!doctype html>/)
  expect(home.read('stats.txt')).toBe(await stats())
  expect(home.read('models')).toBe(await stats('--by', 'model', '--format', 'csv'))
})

test('a file that cannot be written stays as it was, and so does one while a report fails', async () => {
  const home = await made()
  fs.mkdirSync(home.path('folder'))
  expectProblem(await home.run('session', 'stats', '--format', 'html', '-o', 'folder'), 1, 'cannot write folder: it is a folder')
  home.write('report.html', 'before')
  expectProblem(
    await home.run('session', 'stats', '--format', 'html', '--by', 'model', '-o', 'report.html'),
    2,
    '--format html and --by cannot be combined',
  )
  home.write('.config/ainative-code/config.yaml', 'prices: { m: { input: -1 } }')
  expectProblem(await home.run('session', 'stats', '--format', 'html', '-o', 'report.html'), 1, 'config prices.m.input')
  expect(home.read('report.html')).toBe('before')
  expect(filesIn(home).filter((name) => name.includes('tmp'))).toEqual([])
})

test('an unknown extension is an error, unless --format is set', async () => {
  const home = makeHome()
  const write = (...flags: string[]) => home.run('session', 'stats', ...flags)
  expectProblem(await write('-o', 'report.htm'), 2, 'session stats cannot write .htm files', 'did you mean .html?')
  expectProblem(await write('-o', 'report.pdf'), 2, 'session stats cannot write .pdf files', 'set --format NAME')
  expect((await write('-o', 'report.pdf', '--format', 'csv')).code).toBe(0)
  expect(filesIn(home).filter((name) => name.startsWith('report'))).toEqual(['report.pdf'])
})

test('of nothing, of an empty name', async () => {
  const home = makeHome()
  expect((await home.run('session', 'stats', '-o', 'empty.html')).stderr).toBe('no session matches\n')
  expect(home.read('empty.html')).toContain('There are no messages in this selection.')
  expectProblem(await home.run('session', 'stats', '-o', ''), 2, '--output "": a file needs a name')
})

if (!chromium) console.log('skipped: no Chromium on this machine looks at the report')

describe.skipIf(!chromium)('in Chromium', () => {
  test('fits windows of 400 and 1,200 pixels and asks no server for anything', async () => {
    const { looks, requests } = await lookAt(await readReport(await made()), [400, 1200], false)
    expect(looks).toHaveLength(2)
    for (const { width, content } of looks) expect(content).toBeLessThanOrEqual(width)
    expect(requests).toEqual([])
  })
})

test('a dry run of a script shows statistics, and writes no file', async () => {
  const home = await made()
  home.write('stats.txt', 'session stats --by model --top 1\nsession stats -o dry.html\n')
  const text = await home.ok('run', 'stats.txt', '--dry-run')
  expect(text).toContain('MODEL')
  expect(text).toContain('would run: session stats -o dry.html')
  expect(fs.existsSync(home.path('dry.html'))).toBe(false)
})
