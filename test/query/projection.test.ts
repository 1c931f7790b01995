import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import config from '../../ainative.config.ts'
import { fieldNames, prepareProjection } from '../../core/command/projection.ts'
import type { AnyCommand, Host } from '../../core/contract/host.ts'
import { loadCommand } from '../../core/index.ts'
import { parseJson } from '../../core/session/exact-number.ts'
import { hostOn } from '../../scripts/host.ts'
import { type Home, here, homeAt, removeHome } from '../helpers/cli.ts'
import { failure, sample, seed, talk } from '../helpers/seed.ts'

let home: Home
beforeAll(async () => {
  home = homeAt(fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-test-')))
  await seed(
    home,
    sample(1, { title: 'One, "1"', metadata: { tags: ['go', 'api'], n: 1 }, messages: talk('Hi', 'Hello') }),
    sample(2, { title: 'Two', custom: { a: 1 } }),
    sample(3, { title: '\u001b[31mred', __proto__x: 1 }),
  )
})
afterAll(() => removeHome(home.dir))

test('--fields chooses the fields of every format, in their order', async () => {
  const own = here(home)
  expect(await home.ok('session', 'list', '--fields', 'title,id')).toMatchInlineSnapshot(`
    "TITLE    ID
    \u241b[31mred sample000003
    Two      sample000002
    One, "1" sample000001
    "
  `)
  expect(await own.ok('ls', '--fields', ' id , tags,id,', '--format', 'csv')).toBe(
    'id,tags\nsample000003,[]\nsample000002,[]\nsample000001,"[""go"",""api""]"\n',
  )
  expect(await own.ok('ls', '--fields=message_count', '--format', 'jsonl', '-n1')).toBe('{"message_count":0}\n')
  // A field that only some rows have.
  expect(await own.json('ls', '--fields', 'custom,origin', '--json')).toEqual([
    { custom: null, origin: null },
    { custom: { a: 1 }, origin: null },
    { custom: null, origin: null },
  ])
  expect(await own.json('session', 'show', 'sample000001', '--fields', 'title,messages')).toEqual({
    title: 'One, "1"',
    messages: [expect.objectContaining({ content: 'Hi' }), expect.objectContaining({ content: 'Hello' })],
  })
  expect(await own.ok('ls', '--search', 'none', '--fields', 'id,title')).toBe('ID TITLE\n')
})

test('--query evaluates over the data: of a list its rows, else the object', async () => {
  const query = (text: string, ...flags: string[]) => home.ok('ls', '--query', text, ...flags)
  expect(JSON.parse(await query('title'))).toEqual(['\u001b[31mred', 'Two', 'One, "1"'])
  expect(await query('$count($)')).toBe('3\n')
  expect(await query('$[title = "Two"].id')).toBe('sample000002\n')
  expect(await query('$[title = "Two"].id', '--json')).toBe('"sample000002"\n')
  expect(await query('$.{"n": metadata.n, "t": title}', '--format', 'csv')).toBe('t,n\n\u001b[31mred,\nTwo,\n"One, ""1""",1\n')
  expect(await query('$$[0]', '--fields', 'title', '--format', 'table')).toBe('TITLE\n\u241b[31mred\n')
  expect(await home.ok('session', 'show', 'sample000001', '--query', 'messages[role="assistant"].content')).toBe('Hello\n')
  expect(await home.ok('session', 'search', 'Hello', '--query', 'matches.seq')).toBe('2\n')
  expect(await home.ok('session', 'stats', '--query', 'sessions + messages')).toBe('5\n')
  expect(await home.ok('plugin', 'list', '--query', '$[name="query"].hooks')).toContain('"where"')
  const { stdout } = await home.runWith({ input: '$n := 2\nls --query "$count($) > $n"\n$_\n' })
  expect(stdout).toBe('true\ntrue\n')
  expect(await home.run('ls', '--query', 'nope')).toEqual({ code: 0, stdout: '', stderr: 'no match\n' })
})

test('a mistake is told with its place or the nearest name, before anything is changed', async () => {
  const said = [
    await failure(home, 2, ['ls', '--fields', 'id,titel']),
    await failure(home, 2, ['ls', '--fields', ' ,']),
    await failure(home, 2, ['ls', '--query', '$count(']),
    await failure(home, 1, ['ls', '--query', '$cuont($)']),
    await failure(home, 2, ['session', 'show', 'sample000001', '--format', 'markdown', '--fields', 'id']),
    await failure(home, 2, ['session', 'create', '--title', 'x', '--fields', 'idd']),
    await failure(home, 2, ['session', 'delete', 'sample000001', '--fields', 'id']),
    await failure(home, 2, ['session', 'delete', 'sample000001', '--query', '[']),
    await failure(home, 2, ['ls', '--query', '']),
  ].join('')
  expect(said).toMatchInlineSnapshot(`
    "error: session list has no field "titel"
    hint: did you mean title?
    error: --fields " ,": expected field names, separated by commas
    hint: example: --fields id,title
    error: this is not JSONata: Expected ")" before end of expression
      $count(
            ^
    error: there is no function $cuont
      $cuont($)
            ^
    hint: did you mean $count?
    error: --fields and --query do not support format "markdown"
    hint: one of table, json, jsonl, csv
    error: session create has no field "idd"
    hint: did you mean id?
    error: session delete has no field "id"
    hint: one of deleted, sessions, dry_run
    error: this is not JSONata: Expected "]" before end of expression
      [
      ^
    error: --query is empty
    hint: example: --query 'title'
    "
  `)
  expect(await home.ok('ls', '--query', '$count($)')).toBe('3\n')
})

test('every command that may change something declares its fields', async () => {
  const host = hostOn('unused', config.plugins)
  const commands = await Promise.all(host.commands().all().map(loadCommand))
  const silent = commands.filter((command) => command.writes !== false && fieldNames(command).length === 0)
  expect(commands.length).toBeGreaterThan(50)
  expect(silent.map(({ name }) => name)).toEqual([])
})

test('--no-header leaves the header of a table and of CSV out', async () => {
  expect(await home.ok('ls', '-n1', '--no-header')).toBe('sample000003 \u241b[31mred 2024-01-03 10:30 0\n')
  expect(await home.ok('ls', '-n1', '--no-header', '--format', 'csv', '--fields', 'id,title')).toBe('sample000003,\u001b[31mred\n')
})

test('the values of --fields complete between commas', async () => {
  expect(await home.ok('complete', 'fish', '--', 'session', 'list', '--fields', 'id,cr')).toBe('id,created_at\t\n')
  expect(await home.ok('complete', 'fish', '--', 'ls', '--no-h')).toMatch(/^--no-header\t/)
})

test('rows stream through --fields: only the first are looked at for names', async () => {
  let read = 0
  const rows = async function* () {
    for (; read < 100_000; read++) yield { id: String(read), ...(read === 400 && { rare: 1 }) }
  }
  const command = { name: 'x list', columns: ['id'] } as unknown as AnyCommand
  const project = (fields: string[]) => prepareProjection({} as Host, command, { fields, plain: true }, false)
  const first = async (fields: string[]) => {
    const { data } = await (await project(fields))(rows(), 'jsonl', new AbortController().signal, () => undefined)
    for await (const row of data as AsyncIterable<unknown>) return row
    return undefined
  }
  expect(await first(['id'])).toEqual({ id: '0' })
  expect(read).toBe(0)
  read = 0
  expect(await first(['rare'])).toEqual({ rare: null })
  expect(read).toBe(400)
  read = 0
  await expect(first(['none'])).rejects.toThrow('x list has no field "none"')
  expect(read).toBe(499)
})

test('--query gets the data as JSON has them, whatever a plugin returns', async () => {
  const host = { hooks: { query: { promise: async () => async (data: unknown) => data } } } as unknown as Host
  const command = { name: 'x list' } as unknown as AnyCommand
  const evaluated = async (data: unknown) =>
    (
      await (
        await prepareProjection(host, command, { query: '$', plain: true }, false)
      )(data, 'json', new AbortController().signal, () => undefined)
    ).data
  const row = { n: parseJson('1e999'), at: new Date(0), f: () => 1, u: undefined, __proto__x: [Number.NaN], toJSON: undefined }
  expect(await evaluated([row, 'text', 5])).toEqual([
    { n: Number.MAX_VALUE, at: '1970-01-01T00:00:00.000Z', __proto__x: [null] },
    'text',
    5,
  ])
  expect(await evaluated({ toJSON: () => ({ a: 1 }) })).toEqual({ a: 1 })
  const circular: Record<string, unknown> = {}
  circular.self = circular
  await expect(evaluated(circular)).rejects.toThrow('cannot be written as JSON')
})
