import { sql } from 'kysely'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { isoTime, newMessageId } from '../../../core/index.ts'
import { accessTo, type Connection } from '../../../plugins/sqlite/index.ts'
import { CLIENT } from '../../../plugins/zerodb/server/schema.ts'
import { changeFor, readConflicts } from '../../../plugins/zerodb/sync/read-conflicts.ts'
import { openPostgres, userOn, withAllRights, withServer } from '../../helpers/postgres.ts'
import { type Device, openDevice } from './device.ts'

const ID = 'aaaaaaaaaaaa'
const LOCAL = { id: ID, setMeta: { sync: 'local-only' } }
const SYNCED = { id: ID, unsetMeta: ['sync'] }

const now = isoTime(Date.now())
const message = (content: string) => ({ id: newMessageId(), role: 'user' as const, content, timestamp: now })
const creation = (...contents: string[]) => ({
  id: ID,
  create: {
    ...{ id: ID, title: 'Kept', status: 'active' as const, provider: null, model: null, tags: ['go'], metadata: {} },
    created_at: now,
    updated_at: now,
  },
  append: contents.map(message),
})
const append = (content: string) => ({ id: ID, append: [message(content)] })

/** Devices of one user that have the same session, and what the server holds. */
async function sameSession(name: string, count: number) {
  const endpoint = await userOn(await openPostgres(), name)
  const devices: Device[] = []
  for (let i = 0; i < count; i++) devices.push(await openDevice(`d${i}`, endpoint))
  onTestFinished(async () => {
    for (const device of devices) await device.close()
  })
  const [first] = devices as [Device]
  await first.save(creation('one', 'two'))
  for (const device of devices) await device.sync()
  const stored = () =>
    withServer(endpoint, async ({ db }) => {
      const { rows } = await sql<{ text: string }>`
        select (select coalesce(string_agg(registers::text, ''), '') from zerodb.session)
          || (select coalesce(string_agg(body, ''), '') from zerodb.message) as text`.execute(db)
      return rows[0]?.text ?? ''
    })
  return { endpoint, devices: devices as [Device, Device, Device], stored }
}

const contentsOf = async (device: Device) => (await device.state()).map(({ messages }) => messages.map(({ content }) => content))

async function syncAll(...devices: Device[]): Promise<void> {
  for (let round = 0; round < 2; round++) for (const device of devices) expect(await device.sync()).toMatchObject({ equal: true, aside: 0 })
}

test('a session that becomes local-only leaves the server and other devices, and comes back with what was written since', async () => {
  const { devices, stored } = await sameSession('leaves', 2)
  const [a, b] = devices
  expect(await stored()).toContain('"one"')
  await a.save(LOCAL, append('secret'))
  await syncAll(a, b)
  expect(await contentsOf(a)).toEqual([['one', 'two', 'secret']])
  expect(await contentsOf(b)).toEqual([])
  expect(await stored()).not.toMatch(/one|secret|Kept|"go"/)
  await a.save(append('more'))
  const [{ messages } = { messages: [] }] = await a.state()
  await a.save({ id: ID, removeMessages: [messages[0]?.id ?? ''] })
  expect(await a.sync()).toMatchObject({ pushed: { sessions: 0, messages: 0 }, equal: true })
  await a.save(SYNCED)
  await syncAll(a, b)
  expect(await contentsOf(b)).toEqual([['two', 'secret', 'more']])
  expect(JSON.stringify(await b.state())).toBe(JSON.stringify(await a.state()))
  await b.save(append('from b'))
  await syncAll(b, a)
  expect(await contentsOf(a)).toEqual([['two', 'secret', 'more', 'from b']])
})

test('what another device wrote and sent before it learned of that stays on this device', async () => {
  for (const sendsFirst of [true, false]) {
    const { devices, stored } = await sameSession(`sent${sendsFirst}`, 3)
    const [a, b, c] = devices
    if (sendsFirst) await b.save(append('from b'))
    await a.save(LOCAL)
    if (!sendsFirst) await b.save(append('from b'))
    await b.sync()
    await syncAll(a, b, c)
    expect(await contentsOf(a)).toEqual([['one', 'two', 'from b']])
    expect([await contentsOf(b), await contentsOf(c)]).toEqual([[], []])
    expect(await stored()).not.toMatch(/one|from b/)
  }
})

test('a device with changes that no other one has keeps its copy, local-only too; a push alone sends nothing of it', async () => {
  const { devices, stored } = await sameSession('unsent', 2)
  const [a, b] = devices
  await a.save(LOCAL)
  await a.sync()
  await b.save(append('from b'))
  await b.sync({ pull: false })
  expect(await stored()).not.toContain('from b')
  await syncAll(b, a)
  expect(await contentsOf(b)).toEqual([['one', 'two', 'from b']])
  expect((await b.state())[0]?.metadata).toEqual({ sync: 'local-only' })
  for (const device of [a, b]) await device.save(SYNCED)
  await syncAll(b, a, b)
  expect(JSON.stringify(await a.state())).toBe(JSON.stringify(await b.state()))
  expect((await contentsOf(a))[0]?.sort()).toEqual(['from b', 'one', 'two'])
})

test('a local-only session stays when another device purges it, or syncs its own copy again', async () => {
  const { devices } = await sameSession('stays', 2)
  const [a, b] = devices
  await a.save(LOCAL)
  await b.save({ id: ID, remove: true })
  await b.sync()
  await syncAll(a, b)
  expect([await contentsOf(a), await contentsOf(b)]).toEqual([[['one', 'two']], []])
  await a.save(SYNCED, append('three'))
  await syncAll(a, b)
  expect([await contentsOf(a), await contentsOf(b)]).toEqual([[['one', 'two', 'three']], []])

  const { devices: others } = await sameSession('again', 2)
  const [c, d] = others
  await d.save(append('from d'))
  await c.save(LOCAL, append('from c'))
  await c.sync()
  await d.sync()
  await d.save(SYNCED)
  await syncAll(d, c)
  expect(await contentsOf(c)).toEqual([['one', 'two', 'from c']])
  await c.sync({ force: true })
  await c.save(SYNCED)
  await syncAll(c, d)
  expect(JSON.stringify(await c.state())).toBe(JSON.stringify(await d.state()))
  expect((await contentsOf(c))[0]?.sort()).toEqual(['from c', 'from d', 'one', 'two'])
})

test('a session that becomes local-only and back before a sync keeps what other devices sent meanwhile', async () => {
  const { devices } = await sameSession('back', 2)
  const [a, b] = devices
  await b.save(append('early'))
  await a.save(LOCAL)
  await a.save(SYNCED)
  await b.save(append('late'))
  await b.sync()
  await syncAll(a, b)
  expect(JSON.stringify(await a.state())).toBe(JSON.stringify(await b.state()))
  expect(await contentsOf(a)).toEqual([['one', 'two', 'late', 'early']])
})

const { version } = CLIENT
/** What runs after this runs as a newer program, until the end of the test. */
const upgrade = () => void CLIENT.version++
afterEach(() => {
  CLIENT.version = version
})

/** Two devices with the same session, and a function that runs SQL as their user. */
async function twoDevices(name: string) {
  const endpoint = await userOn(await openPostgres(), name)
  const devices = [await openDevice('a', endpoint), await openDevice('b', endpoint)]
  onTestFinished(async () => {
    for (const device of devices) await device.close()
  })
  const [a, b] = devices as [Device, Device]
  const fields = { id: ID, title: 'T', status: 'active' as const, provider: null, model: null, tags: [], metadata: {} }
  await a.save({ id: ID, create: { ...fields, created_at: now, updated_at: now }, append: [message('one'), message('two')] })
  for (const device of [a, b]) await device.sync()
  const run = <T>(statement: ReturnType<typeof sql<T>>) => withServer(endpoint, async ({ db }) => (await statement.execute(db)).rows)
  /** Pushes as a newer program would: rows that need it. */
  const push = (sessions: object[], messages: object[]) =>
    run(sql`select * from zerodb.push(${JSON.stringify(sessions)}::jsonb, ${JSON.stringify(messages)}::jsonb)`)
  const messages = () =>
    run(
      sql<{
        id: string
        body: string
        needs: number
        stamp: string
        place: string
      }>`select id, body, needs, stamp, place from zerodb.message order by place`,
    )
  return { a, b, endpoint, run, push, messages }
}

const stampAt = (ms: number) => `${Math.round(ms).toString(16).padStart(12, '0')}0000${'0'.repeat(16)}`

test('rows that need a newer program are kept and handed on unchanged, and applied after an upgrade', async () => {
  const { endpoint, a, b, run, push, messages } = await twoDevices('needs')
  const [first] = await messages()
  const stamp = stampAt(Date.now())
  const secret = JSON.stringify({ v2: 'sealed' })
  const body = JSON.stringify({ ...message('from the future'), id: 'future', mood: 'good' })
  await push(
    [{ id: ID, needs: version + 1, registers: { title: { v: '"Newer"', h: stamp }, 'mood:day': { v: '1', h: stamp } } }],
    [
      { session: ID, id: first?.id, place: first?.place, stamp, body: secret.replace('sealed', 'edited'), needs: version + 1 },
      { session: ID, id: 'future', place: stamp, stamp, body, needs: version + 1 },
    ],
  )
  for (const device of [a, b]) expect(await device.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await contentsOf(a)).toEqual([['one', 'two']])
  await a.save({ id: ID, append: [message('three')] })
  expect(await a.sync()).toMatchObject({ equal: true })
  const before = await messages()
  // The server loses everything, as if it were replaced; the old program hands on what it cannot read.
  await withAllRights(endpoint, async ({ db }) => {
    for (const table of ['message', 'session', 'feed']) await sql`delete from ${sql.table(`zerodb.${table}`)}`.execute(db)
  })
  expect(await a.sync()).toMatchObject({ equal: true })
  expect(await messages()).toEqual(before)
  expect(await run(sql<object>`select needs, registers->'mood:day' as mood from zerodb.session`)).toEqual([
    { needs: version + 1, mood: { v: '1', h: stamp } },
  ])
  upgrade()
  expect(await b.sync()).toMatchObject({ equal: true, aside: 1 })
  expect(await contentsOf(b)).toEqual([['one', 'two', 'from the future', 'three']])
  await run(
    sql`update zerodb.message set body = ${JSON.stringify({ ...JSON.parse(first?.body ?? ''), content: 'edited' })} where id = ${first?.id}`,
  )
  const upgraded = await b.sync({ force: true })
  expect(upgraded).toMatchObject({ equal: true, aside: 0 })
  expect(await contentsOf(b)).toEqual([['edited', 'two', 'from the future', 'three']])
  expect((await b.state())[0]?.title).toBe('Newer')
})

test('an edit by an old program keeps the fields that a newer one added to a message', async () => {
  const { a, push, messages } = await twoDevices('fields')
  const stamp = stampAt(Date.now())
  await push(
    [],
    [{ session: ID, id: 'rich', place: stamp, stamp, body: JSON.stringify({ ...message('rich'), id: 'rich', mood: { good: [1] } }) }],
  )
  await a.sync()
  expect(await contentsOf(a)).toEqual([['one', 'two', 'rich']])
  await a.save({ id: ID, replace: [{ ...message('edited'), id: 'rich' }] })
  expect(await a.sync()).toMatchObject({ equal: true })
  const rich = (await messages()).find(({ id }) => id === 'rich')
  expect(JSON.parse(rich?.body ?? '')).toMatchObject({ content: 'edited', mood: { good: [1] } })
})

test('a local-only session keeps what a newer program wrote, and syncs it again', async () => {
  const { a, push, messages, run } = await twoDevices('kept')
  const stamp = stampAt(Date.now())
  const body = JSON.stringify({ v2: 'sealed' })
  await push(
    [{ id: ID, registers: { mood: { v: '"good"', h: stamp } } }],
    [{ session: ID, id: 'future', place: stamp, stamp, body, needs: version + 1 }],
  )
  await a.sync()
  for (const change of [{ setMeta: { sync: 'local-only' } }, { unsetMeta: ['sync'] }]) {
    await a.save({ id: ID, ...change })
    expect(await a.sync()).toMatchObject({ equal: true })
  }
  expect((await messages()).find(({ id }) => id === 'future')).toMatchObject({ body, needs: version + 1 })
  expect(await run(sql<object>`select registers->'mood'->>'v' as mood from zerodb.session`)).toEqual([{ mood: '"good"' }])
})

test('a newer schema is refused only if it refuses old clients', async () => {
  const { a, run } = await twoDevices('schema')
  const admin = (await openPostgres()).admin
  const setMeta = (schema: number, client: number) =>
    withServer(admin, ({ db }) => sql`update zerodb.meta set version = ${schema}, min_client = ${client}`.execute(db))
  onTestFinished(async () => void (await setMeta(version, version)))
  await setMeta(version + 1, version)
  expect(await a.sync()).toMatchObject({ equal: true })
  const [{ name } = { name: '' }] = await run(sql<{ name: string }>`select current_setting('application_name') as name`)
  expect(name).toBe(`ainative-code schema ${version}`)
  await setMeta(version + 1, version + 1)
  await expect(a.sync()).rejects.toMatchObject({ code: 'newer-server' })
})

test('a message that was edited on both devices keeps both texts', async () => {
  const endpoint = await userOn(await openPostgres(), 'edited')
  const devices = [await openDevice('a', endpoint), await openDevice('b', endpoint)]
  onTestFinished(async () => {
    for (const device of devices) await device.close()
  })
  const [a, b] = devices as [Device, Device]
  const text = (content: string) => ({ id: 'message', role: 'user' as const, content, timestamp: '2024-01-15T10:00:00Z' })
  const times = { created_at: '2024-01-15T10:00:00Z', updated_at: '2024-01-15T10:00:00Z' }
  const session = { id: ID, title: 'T', status: 'active' as const, provider: null, model: null, tags: [], metadata: {}, ...times }
  await a.save({ id: ID, create: session, append: [text('Old')] })
  for (const device of [a, b]) await device.sync()
  await a.save({ id: ID, replace: [text('Text of A')] })
  await b.save({ id: ID, replace: [text('Text of B')] })
  for (const device of [a, b, a]) await device.sync()
  const lost = []
  for (const { host } of [a, b]) lost.push(...readConflicts((await accessTo(host))?.connection as Connection, ID))
  expect(lost).toEqual([expect.objectContaining({ field: 'message', message: 'message', lost: 'Text of A', kept: 'Text of B' })])
  await b.save(changeFor(lost[0] as (typeof lost)[0]))
  for (const device of [b, a]) await device.sync()
  for (const device of [a, b]) expect((await device.state())[0]?.messages).toMatchObject([{ content: 'Text of A' }])
})
