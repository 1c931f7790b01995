import { describe, expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'
import { importText } from '../helpers/seed.ts'

/** Numbers that JSON.parse and JSON.stringify would change. */
const NUMBERS = [
  '12345678901234567890',
  '9007199254740993',
  '1e999',
  '-1E+999',
  '-0.0',
  '-0',
  '-123.450',
  '1.10',
  '1E5',
  '0.1e1',
  '1e-400',
  '1.0',
  '1e21',
]
const ALL = `[${NUMBERS.join(',')}]`

/** A session with such numbers in every place that takes them. */
const FILE = `{
  "id": "numbers00001", "title": "Numbers", "metadata": {"tags": [], "n": ${ALL}, "__proto__": {"n": 1.10}},
  "created_at": "2024-01-15T10:30:00Z", "updated_at": "2024-01-15T10:30:00Z", "provider": 1.10, "model": 2.0,
  "messages": [{
    "role": "user", "content": "1.10, [1.10] \\"n\\": 1.10", "timestamp": "2024-01-15T10:30:05Z", "id": 9007199254740993,
    "usage": {"input": 1e1}, "cost": {"amount": 1e-05, "currency": "USD", "source": "computed"},
    "latency_ms": 5.0, "parts": [{"n": ${ALL}}], "n": ${ALL}, "text": "n: 1.10"
  }],
  "origin": {"id": 12345678901234567890}, "n": {"deep": [${ALL}]}
}`

/** JSON without the white space between its tokens. */
const compact = (json: string) => json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')

async function numbers(): Promise<Home> {
  const home = makeHome()
  await here(home).ok('session', 'import', '-i', home.write('in.json', FILE))
  return home
}

const exported = (home: Home, format = 'json') => here(home).ok('session', 'export', 'numbers00001', '-o', '-', '--format', format)

test('numbers come back as they were written, from every place of a session', async () => {
  const home = await numbers()
  const json = await home.ok('session', 'export', 'numbers00001', '-o', '-')
  const order = (text: string) => text.match(/-?\d[\d.eE+-]*/g)?.sort()
  expect(order(json)).toEqual(order(FILE))
  expect(compact(json)).toContain(
    compact(`"messages": [{
    "role": "user", "content": "1.10, [1.10] \\"n\\": 1.10", "timestamp": "2024-01-15T10:30:05Z", "id": 9007199254740993,
    "parts": [{"n": ${ALL}}], "cost": {"amount": 1e-05, "currency": "USD", "source": "computed"}, "usage": {"input": 1e1}, "latency_ms": 5.0, "n": ${ALL}, "text": "n: 1.10"`),
  )
  expect(compact(json)).toContain(
    compact(`"provider": 1.10, "model": 2.0, "metadata": {"tags": [], "n": ${ALL}, "__proto__": {"n": 1.10}}`),
  )
  for (const format of ['json', 'jsonl']) {
    const other = makeHome()
    const text = await exported(home, format)
    await importText(other, text)
    expect(await exported(other, format)).toBe(text)
    await importText(other, FILE, '--merge')
    expect(await exported(other, format)).toBe(text)
  }
})

test('lists, show and metadata print them as they were written', async () => {
  const home = await numbers()
  expect(compact(await home.ok('session', 'show', 'numbers00001', '--json'))).toBe(compact(await exported(home)))
  const row = `"metadata":{"n":${ALL},"__proto__":{"n":1.10}}`
  expect(compact(await home.ok('session', 'list', '--json'))).toContain(row)
  expect(await home.ok('session', 'list', '--format', 'jsonl')).toContain(row)
  expect((await home.ok('session', 'list', '--format', 'csv')).replaceAll('""', '"')).toContain(row.slice(11))
  expect(await home.ok('session', 'meta', 'numbers00001', 'n')).toBe(`${ALL}\n`)
  expect(compact(await home.ok('session', 'meta', 'numbers00001', '--json'))).toContain(row.slice(12, -1))
})

test('a fork, a tag and other metadata leave them as they are', async () => {
  const home = await numbers()
  await home.ok('session', 'tag', 'numbers00001', 'go')
  await home.ok('session', 'meta', 'numbers00001', 'other', '1')
  await home.ok('session', 'meta', 'numbers00001', '--unset', 'other')
  const { id } = await home.json('session', 'fork', 'numbers00001', '--json')
  for (const each of ['numbers00001', id]) {
    const json = compact(await here(home).ok('session', 'export', each, '-o', '-'))
    expect(json.split(ALL).length - 1).toBe(4)
  }
})

test('an edit of the title, and of one number, leaves the others as they are', async () => {
  const home = await numbers()
  const edit = async (script: string) => {
    const { code, stderr } = await home.runWith({ env: { EDITOR: `sed -i '${script}'` } }, 'session', 'edit', 'numbers00001')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return compact(await exported(home))
  }
  const proto = '"__proto__":{"n":1.10}'
  expect(await edit('s/Numbers/Edited/')).toContain(`"metadata":{"tags":[],"n":${ALL},${proto}}`)
  expect(await edit('s/- 1e21/- 1e22/')).toContain(`"metadata":{"tags":[],"n":${ALL.replace('1e21', '1e22')},${proto}}`)
})

test.each(NUMBERS)('--parse and --metadata store %s', async (number) => {
  // The program too, for a number of each kind.
  const home = ['9007199254740993', '-0.0', '1e-400'].includes(number) ? makeHome() : here(makeHome())
  const id = await home.create('--title', 'One', '--metadata', `{"made": ${number}}`)
  expect(await home.ok('session', 'meta', id, 'n', number, '--parse')).toBe(`Set n of ${id} to ${number}\n`)
  expect(await home.ok('session', 'meta', id, 'n')).toBe(`${number}\n`)
  expect(await home.ok('session', 'meta', id)).toContain(`Made: ${number}\nN: ${number}\n`)
})

describe('queries and scripts', () => {
  test("see JavaScript's nearest number", async () => {
    const home = await numbers()
    const nearest = JSON.stringify(NUMBERS.map((each) => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(each)))))
    expect(compact(await home.ok('query', 'sessions.metadata.n'))).toBe(nearest)
    expect(compact(await home.ok('query', 'sessions.messages.n'))).toBe(nearest)
    expect(await home.ok('query', 'sessions.messages.(usage.input + latency_ms)')).toBe('15\n')
    expect(await home.ok('query', 'sessions.messages.cost.amount * 100000')).toBe('1\n')
    expect(await home.json('session', 'list', '--json', '--where', '$max(metadata.n) > 1e300 and 1.1 in metadata.n')).toHaveLength(1)
    home.write(
      'sum.ts',
      'export default async ({ sessions }) => { for await (const { metadata } of sessions()) return metadata.n.indexOf(1.1) + metadata.n.indexOf(1e5) }',
    )
    expect(await home.ok('run', 'sum.ts')).toBe('15\n')
  })
})

describe('a key that an object has twice is refused, since one value would be lost', () => {
  const session = (more: string) => `{"id":"numbers00001","title":"Numbers","messages":[]${more}}`
  test.each([
    ['in a session', session(',"title":"Other"'), 'the key "title" occurs twice'],
    ['in metadata', session(',"metadata":{"a b":{"c":1,"\\u0063":2}}'), 'the key "c" occurs twice'],
    ['around the sessions', `{"sessions":[${session('')}],"sessions":[]}`, 'the key "sessions" occurs twice'],
  ])('%s', async (_, text, says) => {
    const home = makeHome()
    expectProblem(await importText(home, text), 1, says, 'nothing was imported')
  })

  test('in --parse and --metadata', async () => {
    const home = makeHome()
    const id = await home.create('--title', 'One')
    expectProblem(await home.run('session', 'meta', id, 'k', '{"a":1,"a":2}', '--parse'), 2, 'the key "a" occurs twice')
    expectProblem(await home.run('session', 'create', '--title', 'x', '--metadata', '{"a":1,"a":2}'), 2, 'the key "a" occurs twice')
  })

  test('but the same key in different objects, or as a value, is not', async () => {
    const home = makeHome()
    await importText(home, session(',"x":[{"a":"a"},{"a":{"a":["a","a","a:"]}}],"\\\\":1,"\\\\\\"":2'))
    expect(compact(await exported(home))).toContain('"x":[{"a":"a"},{"a":{"a":["a","a","a:"]}}],"\\\\":1,"\\\\\\"":2')
  })
})
