import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { here, homeAt, removeHome, shared } from '../helpers/cli.ts'
import type { SessionFile } from '../helpers/seed.ts'

const folder = path.join(shared, 'data/conversations')
const there = fs.existsSync(folder)
if (!there) console.warn(`${folder} is missing: the tests over real conversations are skipped`)

const read = (): SessionFile[] =>
  ['arena-hard', 'mint', 'tau-bench'].flatMap((name) => JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8')))

describe.skipIf(!there)('3,626 real conversations', () => {
  const home = homeAt(path.join(os.tmpdir(), `ainative-real-${process.pid}`))
  const source = there ? read() : []
  beforeAll(async () => {
    fs.mkdirSync(home.dir)
    expect(await home.ok('session', 'import', '--dir', folder)).toBe('Imported 3,626 sessions (21,974 messages)\n')
  })
  afterAll(() => removeHome(home.dir))

  test('come out of an export with every field as it was', async () => {
    await home.ok('session', 'export', '--all', '-o', 'all.json')
    const exported = new Map<string, SessionFile>(JSON.parse(home.read('all.json')).map((each: SessionFile) => [each.id, each]))
    expect(exported.size).toBe(source.length)
    for (const session of source) {
      const { messages = [], ...rest } = exported.get(session.id) ?? {}
      expect({ ...rest, messages: (messages as object[]).map((each) => ({ ...each, id: undefined })) }).toEqual(session)
    }
    expect(home.read('all.json')).toContain('"tool_calls":[{')
  })

  test('are the same bytes after another import', async () => {
    const other = homeAt(home.path('other'))
    fs.mkdirSync(other.dir)
    await home.ok('session', 'export', '--all', '-o', 'first.jsonl', '--format', 'jsonl')
    await other.ok('session', 'import', '-i', home.path('first.jsonl'))
    await other.ok('session', 'export', '--all', '-o', 'second.jsonl', '--format', 'jsonl')
    expect(other.read('second.jsonl') === home.read('first.jsonl')).toBe(true)
  })

  test('are counted by statistics as by hand', async () => {
    const stats = await home.json('session', 'stats', '--json')
    expect(stats).toMatchObject({ sessions: source.length, messages: 21_974 })
    const groups = await home.json<{ provider: string; sessions: number; messages: number }[]>(
      'session',
      'stats',
      '--by',
      'provider',
      '--json',
    )
    for (const { provider, sessions, messages } of groups) {
      const own = source.filter((each) => each.provider === provider)
      expect([provider, sessions, messages]).toEqual([provider, own.length, own.reduce((sum, each) => sum + each.messages.length, 0)])
    }
    const days = new Map<string, number>()
    for (const { messages } of source)
      for (const { timestamp = '' } of messages) days.set(timestamp.slice(0, 10), (days.get(timestamp.slice(0, 10)) ?? 0) + 1)
    expect(stats.days).toEqual([...days].map(([day, messages]) => ({ day, messages })).sort((a, b) => (a.day < b.day ? -1 : 1)))
  })

  test('are listed newest first, by project, tag, model and title', async () => {
    const count = async (...flags: string[]) =>
      (await here(home).ok('session', 'list', '--all', '--format', 'jsonl', ...flags)).split('\n').length - 1
    const has = (session: SessionFile, tag: string) => session.metadata?.tags?.includes(tag)
    expect(await count()).toBe(source.length)
    expect(await count('--project', 'mint-bench')).toBe(1926)
    expect(await count('--tag', 'airline')).toBe(source.filter((each) => has(each, 'airline')).length)
    expect(await count('--tag', 'humaneval', '--tag', 'success')).toBe(
      source.filter((each) => has(each, 'humaneval') && has(each, 'success')).length,
    )
    expect(await count('--model', 'gpt-4o')).toBe(source.filter(({ model }) => model === 'gpt-4o').length)
    expect(await count('--search', 'PYTHON')).toBe(source.filter(({ title }) => /python/i.test(title)).length)
    const rows: { created_at: string; message_count: number; id: string }[] = await home.json('session', 'list', '--all', '--json')
    const times = rows.map(({ created_at }) => Date.parse(created_at))
    expect(times).toEqual([...times].sort((a, b) => b - a))
    const counts = new Map(source.map(({ id, messages }) => [id, messages.length]))
    expect(rows.filter(({ id, message_count }) => counts.get(id) !== message_count)).toEqual([])
    const { stderr } = await home.run('session', 'list')
    expect(stderr).toBe('10 of 3626; --all shows all\n')
  })

  test('answer queries over sessions and messages', async () => {
    const [perProvider, tools, longest] = await Promise.all([
      home.json('query', 'sessions{provider: $count($)}'),
      home.json('query', '$count(sessions.messages[role="tool"])'),
      home.json('query', '$max(sessions.message_count)'),
    ])
    const expected: Record<string, number> = {}
    for (const { provider } of source) expected[String(provider)] = (expected[String(provider)] ?? 0) + 1
    expect(perProvider).toEqual(expected)
    expect(tools).toBe(source.flatMap(({ messages }) => messages).filter(({ role }) => role === 'tool').length)
    expect(longest).toBe(Math.max(...source.map(({ messages }) => messages.length)))
  })

  test('are shown with all their messages', async () => {
    const session = source.find(({ messages }) => messages.some((each) => each.tool_calls)) as SessionFile
    const text = await here(home).ok('session', 'show', session.id)
    expect(text.match(/^\[(User|Assistant|Tool|System) - \d\d:\d\d:\d\d\]$/gm)?.length).toBe(session.messages.length)
    for (const { content } of session.messages) expect(text).toContain(content)
  })
})
