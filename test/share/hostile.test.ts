import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { withServer } from '../helpers/postgres.ts'
import { sample, seed } from '../helpers/seed.ts'
import { runSql } from '../helpers/sql.ts'
import { type Member, shareOf, teamOf } from './team.ts'

const ESCAPE = '\x1b]0;owned\x07\x1b[31m\u202e'

interface Row {
  id: string
  body: unknown
  place?: string
}

/** Writes rows as a member who uses another program, and shares the session. Returns the shared id. */
const plant = ({ endpoint, name }: Member, team: string, id: string, registers: object, rows: Row[]) =>
  withServer(endpoint, async ({ db }) => {
    await sql`insert into zerodb.feed (owner) values (${name}) on conflict do nothing`.execute(db)
    const rev = Number((await sql<{ rev: number }>`select coalesce(max(rev), 0) as rev from zerodb.session`.execute(db)).rows[0]?.rev) + 100
    await sql`insert into zerodb.session (owner, id, rev, registers) values (${name}, ${id}, ${rev}, ${JSON.stringify(registers)}::jsonb)`.execute(
      db,
    )
    for (const [i, { id: key, body, place = `${i}` }] of rows.entries())
      await sql`insert into zerodb.message (owner, session, id, rev, place, stamp, body)
        values (${name}, ${id}, ${key}, ${rev + i}, ${place}, 'x', ${typeof body === 'string' ? body : JSON.stringify(body)})`.execute(db)
    const { rows: made } = await sql<{ id: string }>`
      insert into zerodb.share (owner, session, team, expires_at) values (${name}, ${id}, ${team}, 'infinity') returning id`.execute(db)
    return made[0]?.id as string
  })

const body = (id: unknown, content: unknown, more = {}) => ({ id, role: 'user', content, timestamp: '2024-01-01T00:00:00Z', ...more })
const value = (json: unknown) => ({ v: typeof json === 'string' ? JSON.stringify(json) : json, h: 'a' })

test('rows of a hostile member stop neither the list nor the other sessions', async () => {
  const [mallory, bob] = (await teamOf('hostile', 'mallory', 'bob')) as [Member, Member]
  const junk = [
    null,
    5,
    'x',
    [],
    { v: 5, h: 'a' },
    { v: '{', h: 'a' },
    { v: null, h: 5 },
    { v: '"x"' },
    { v: '['.repeat(1e4) + ']'.repeat(1e4), h: 'z' },
  ]
  const fields = ['title', 'created_at', 'updated_at', 'status', 'tags', 'meta', 'provider', 'origin', 'extra', 'meta:a', 'tag:b']
  const ids: string[] = []
  for (const [i, each] of junk.entries())
    ids.push(await plant(mallory, 'hostile', `odd\n${i}`, Object.fromEntries(fields.map((field) => [field, each])), []))
  const id = await plant(
    mallory,
    'hostile',
    'words',
    { title: value(`${ESCAPE}Title`), 'meta:sync': value('local-only'), 'tag:\\u0000': value('x') },
    [
      { id: 'a', body: body('m1', `${ESCAPE}one`) },
      { id: 'b', body: body('m1', 'same id') },
      { id: 'c', body: body('', 'no id', { extra: 'text', hidden: 5, parts: 'x', usage: [], cost: 1, provider: {} }) },
      { id: 'd', body: '{' },
      { id: 'e', body: 'null' },
      { id: 'f', body: body('m2', 5) },
      { id: 'g', body: { ...body('m3', 'x'), role: 'root' } },
      { id: 'h', body: { ...body('m4', 'x'), timestamp: 'soon' } },
      { id: 'i', body: `{"id":"m5","role":"user","content":"deep","parts":${'['.repeat(1e4)}${']'.repeat(1e4)}}` },
      { id: 'j', body: body(7, 'id of a number'), place: '' },
    ],
  )
  const sealed = await plant(mallory, 'hostile', 'sealed', { title: value('x') }, [{ id: 'a', body: 'c2VhbGVk' }])
  for (const command of ['show', 'clone'])
    expect(await bob.home.run('session', command, sealed)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot be read: its owner uses a newer version/),
    })
  expect(await bob.home.json('session', 'list', '--json')).toEqual([])
  await runSql(mallory.endpoint, `select zerodb.end_shares(array['${sealed}'])`)
  const rows = await bob.home.json('session', 'list', '--shared', '--all', '--json')
  expect(rows.map((row: { id: string }) => row.id).sort()).toEqual([...ids, id].sort())
  expect(rows.filter(({ title }: { title: string }) => title === '(untitled)')).toHaveLength(ids.length)
  const table = await bob.home.ok('session', 'list', '--shared', '--all')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal
  expect(table).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
  expect((await bob.home.json('session', 'show', ...ids, '--json')).map((session: { id: string }) => session.id)).toEqual(ids)

  const shown = await bob.home.run('session', 'show', id, '--json')
  expect(shown.stderr).toContain('warning: 6 messages')
  expect(JSON.parse(shown.stdout).messages.map((each: { content: string }) => each.content)).toEqual([
    ...['id of a number', `${ESCAPE}one`, 'same id', 'no id'],
  ])
  const clone = await bob.home.json('session', 'clone', id, '--json')
  expect(clone).toMatchObject({ title: `${ESCAPE}Title`, added: 4 })
  const copy = await bob.home.json('session', 'show', clone.id, '--json')
  expect(copy.metadata).toEqual({ tags: ['\0'] })
  expect(new Set(copy.messages.map((each: { id: string }) => each.id)).size).toBe(4)
  expect(await bob.home.json('session', 'clone', clone.id, '--update', '--json')).toMatchObject({ added: 0 })
})

test('text with NUL, lone surrogates and 10 MB arrives as it was', async () => {
  const [alice, bob] = (await teamOf('large', 'alice', 'bob')) as [Member, Member]
  const contents = ['\0', '\ud800 \udfff', ESCAPE, '', `é ${`${'x'.repeat(999)} `.repeat(10_000)}`, '\r\n']
  const messages = contents.map((content, i) => ({ role: 'user', content, id: `id ${i}\n'"\\é` }))
  await seed(alice.home, sample(1, { title: 'a\ud800\0', messages }))
  const id = await shareOf(alice, 'sample000001', 'large')
  const read = async (home: Member['home'], word: string) => {
    const { title, messages: found } = await home.json('session', 'show', word, '--json')
    return { title, messages: found.map((each: { id: string; content: string }) => [each.id, each.content]) }
  }
  const own = await read(alice.home, 'sample000001')
  expect(own.messages.map(([, content]: string[]) => content)).toEqual(contents)
  expect(await read(bob.home, id)).toEqual(own)
  const clone = await bob.home.json('session', 'clone', id, '--json')
  expect(await read(bob.home, clone.id)).toEqual(own)
})
