import { sql } from 'kysely'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { isoTime, newMessageId } from '../../../core/index.ts'
import { CLIENT } from '../../../plugins/zerodb/server/schema.ts'
import { makeHome } from '../../helpers/cli.ts'
import { withDatabase } from '../../helpers/database.ts'
import { okHere } from '../../helpers/here.ts'
import { openPostgres, userOn, withServer } from '../../helpers/postgres.ts'
import { sample, seed, talk } from '../../helpers/seed.ts'
import { type Device, openDevice } from './device.ts'

const ID = 'aaaaaaaaaaaa'
const now = isoTime(Date.now())
const message = (content: string) => ({ id: newMessageId(), role: 'user' as const, content, timestamp: now })

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
const contentsOf = async (device: Device) => (await device.state()).map(({ messages }) => messages.map(({ content }) => content))

test('rows that need a newer program are kept and handed on unchanged, and applied after an upgrade', async () => {
  const { a, b, run, push, messages } = await twoDevices('needs')
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
  for (const table of ['message', 'session', 'feed']) await run(sql`delete from ${sql.table(`zerodb.${table}`)}`)
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

test('what could not be applied is tried again by --retry, and by itself after an upgrade', async () => {
  const endpoint = await userOn(await openPostgres(), 'retry')
  const [a, b] = [makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }), makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })]
  await seed(a, sample(1, { messages: talk('Hello', 'Hi') }))
  for (const home of [a, b]) await okHere(home, 'session', 'sync', '--push')
  const block = "create trigger block before insert on messages when new.content = 'Hello' begin select raise(abort, 'blocked'); end"
  withDatabase(b, (db) => db.exec(block))
  const aside = '1 row set aside; ainative-code zerodb status lists them\n'
  expect(await okHere(b, 'session', 'sync')).toBe(`Pulled 1 session and 1 message; in sync\n${aside}`)
  expect(await okHere(b, 'session', 'sync', '--retry')).toBe(`No changes; in sync\n${aside}`)
  expect(await okHere(b, 'zerodb', 'status')).toContain(
    'Set aside: a row of sample000001: blocked\nainative-code session sync --retry tries them again\n',
  )
  withDatabase(b, (db) => db.exec('drop trigger block'))
  expect(await okHere(b, 'session', 'sync')).toBe(`No changes; in sync\n${aside}`)
  const copy = b.path('copy.db')
  withDatabase(b, (db) => db.exec(`vacuum into '${copy}'`))
  expect(await okHere(b, 'session', 'sync', '--retry')).toBe('No changes; in sync\n')
  const exported = await okHere(a, 'session', 'export', 'sample000001', '-o', '-')
  expect(await okHere(b, 'session', 'export', 'sample000001', '-o', '-')).toBe(exported)
  upgrade()
  const upgraded = { path: b.path, env: { ...b.env, AINATIVE_DB_PATH: copy } }
  expect(await okHere(upgraded, 'session', 'sync')).toBe('No changes; in sync\n')
  expect(await okHere(upgraded, 'session', 'export', 'sample000001', '-o', '-')).toBe(exported)
})
