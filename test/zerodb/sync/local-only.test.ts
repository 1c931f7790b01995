import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { isoTime, newMessageId } from '../../../core/index.ts'
import { makeHome } from '../../helpers/cli.ts'
import { okHere, runHere } from '../../helpers/here.ts'
import { openPostgres, userOn, withServer } from '../../helpers/postgres.ts'
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
  expect(await a.sync()).toMatchObject({ pushed: { sessions: 0, messages: 0 }, equal: true })
  await a.save(SYNCED)
  await syncAll(a, b)
  expect(await contentsOf(b)).toEqual([['one', 'two', 'secret', 'more']])
  expect(JSON.stringify(await b.state())).toBe(JSON.stringify(await a.state()))
  await b.save(append('from b'))
  await syncAll(b, a)
  expect(await contentsOf(a)).toEqual([['one', 'two', 'secret', 'more', 'from b']])
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

test('a session that was local-only from the start never reaches the server, and a fork of it neither', async () => {
  const home = makeHome({ AINATIVE_ZERODB_ENDPOINT: await userOn(await openPostgres(), 'start') })
  const { id } = JSON.parse(await okHere(home, 'session', 'create', '--title', 'Secret', '--local-only', '--json'))
  const fork = JSON.parse(await okHere(home, 'session', 'fork', id, '--json'))
  const other = JSON.parse(await okHere(home, 'session', 'create', '--title', 'Other', '--json'))
  const copy = JSON.parse(await okHere(home, 'session', 'fork', other.id, '--local-only', '--json'))
  for (const local of [id, fork.id, copy.id]) {
    expect(await okHere(home, 'session', 'meta', local, 'sync')).toBe('local-only\n')
    const { code, stderr } = await runHere(home, 'session', 'sync', '--session', local)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`the session ${local} is local-only`) })
  }
  expect(await okHere(home, 'session', 'sync')).toBe('Pushed 1 session and 0 messages; in sync\n')
  expect(await okHere(home, 'session', 'meta', copy.id, '--unset', 'sync')).toContain('Removed sync')
  expect(await okHere(home, 'session', 'sync')).toBe('Pushed 1 session and 0 messages; in sync\n')
  expect(await okHere(home, 'session', 'meta', copy.id, 'sync', 'local-only')).toContain('a sync removes it from the server')
  expect(await okHere(home, 'session', 'sync', '--dry-run')).toBe(`withdraw ${copy.id}  0 messages\n`)
  expect(await runHere(home, 'session', 'meta', copy.id, 'sync', 'local')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('local-only'),
  })
})
