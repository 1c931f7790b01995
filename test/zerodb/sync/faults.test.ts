import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { isoTime, newMessageId } from '../../../core/index.ts'
import { openPostgres, userOn, withAllRights, withServer } from '../../helpers/postgres.ts'
import { type Device, openDevice } from './device.ts'

const DAY = 24 * 3_600_000

async function devicesOf(name: string, ...skews: number[]): Promise<{ endpoint: string; devices: Device[] }> {
  const endpoint = await userOn(await openPostgres(), name)
  const devices = await Promise.all(skews.map((skew, i) => openDevice(`d${i}`, endpoint, skew)))
  onTestFinished(async () => {
    for (const device of devices) await device.close()
  })
  return { endpoint, devices }
}

const now = isoTime(Date.now())
const message = (content: string) => ({ id: newMessageId(), role: 'user' as const, content, timestamp: now })
const creation = (id: string, ...contents: string[]) => ({
  id,
  create: {
    ...{ id, title: id, status: 'active' as const, provider: null, model: null, tags: [], metadata: {} },
    created_at: now,
    updated_at: now,
  },
  append: contents.map(message),
})

test('any text arrives as it is', async () => {
  const { devices } = await devicesOf('texts', 0, 0)
  const [a, b] = devices as [Device, Device]
  const texts = ['a\u0000b', '\ud800', 'x'.repeat(10_000_000), '\u2028 😀', '']
  await a.save(creation('aaaaaaaaaaaa', ...texts))
  await a.save({
    id: 'aaaaaaaaaaaa',
    addTags: ['t\u0000', '\udfff', '__proto__'],
    setMeta: JSON.parse('{"__proto__": 1, "a\\u0000": "\\ud800"}'),
  })
  await a.sync()
  expect((await b.sync()).equal).toBe(true)
  const [state] = await b.state()
  expect(state?.messages.map(({ content }) => content === texts[2] || content)).toEqual(texts.map((text) => text === texts[2] || text))
  expect(JSON.stringify(await b.state())).toBe(JSON.stringify(await a.state()))
})

test('a device whose clock is two days ahead or behind pushes nothing', async () => {
  for (const skew of [2 * DAY, -2 * DAY]) {
    const { endpoint, devices } = await devicesOf(`clock${skew > 0 ? 'a' : 'b'}`, skew)
    const [a] = devices as [Device]
    await a.save(creation('aaaaaaaaaaaa', 'Hello'))
    const time = '[-\\d]{10}T[:\\d]{8}(\\.\\d{1,3})?Z'
    const message = expect.stringMatching(`^the clock of this device is ${time}, but the server's is ${time}: nothing was pushed$`)
    for (const pull of [true, false]) await expect(a.sync({ pull })).rejects.toMatchObject({ code: 'clock', message })
    await withServer(endpoint, async ({ db }) => {
      expect((await sql`select from zerodb.session`.execute(db)).rows).toHaveLength(0)
    })
  }
})

test('a server that was restored from an older backup gets back what it lost', async () => {
  const { endpoint, devices } = await devicesOf('restored', 0, 0)
  const [a, b] = devices as [Device, Device]
  await a.save(creation('aaaaaaaaaaaa', 'one'))
  await a.sync()
  await b.sync()
  const tables = ['feed', 'session', 'message'] as const
  const backup = await withServer(endpoint, ({ db }) =>
    Promise.all(
      tables.map(async (table) => (await sql<object>`select to_jsonb(t) as row from ${sql.table(`zerodb.${table}`)} t`.execute(db)).rows),
    ),
  )
  await a.save({ id: 'aaaaaaaaaaaa', append: [message('two')] })
  await a.sync()
  await b.save(creation('bbbbbbbbbbbb', 'three'))
  await b.sync()
  await withAllRights(endpoint, async ({ db }) => {
    for (const [i, table] of tables.entries()) {
      await sql`delete from ${sql.table(`zerodb.${table}`)}`.execute(db)
      for (const { row } of backup[i] as { row: object }[])
        await sql`insert into ${sql.table(`zerodb.${table}`)} select * from jsonb_populate_record(null::${sql.table(`zerodb.${table}`)}, ${JSON.stringify(row)}::jsonb)`.execute(
          db,
        )
    }
  })
  for (const device of [a, b, a]) expect((await device.sync()).equal).toBe(true)
  expect(JSON.stringify(await a.state())).toBe(JSON.stringify(await b.state()))
  const contents = (await a.state()).flatMap(({ messages }) => messages.map(({ content }) => content))
  expect(contents).toEqual(['one', 'two', 'three'])
})

test('a copy of a database is another device', async () => {
  const { endpoint, devices } = await devicesOf('cloned', 0)
  const [a] = devices as [Device]
  await a.save(creation('aaaaaaaaaaaa', 'one'))
  await a.sync()
  const copy = await openDevice('copy', endpoint, 0, (file) => a.copyTo(file))
  onTestFinished(() => copy.close())
  await a.save({ id: 'aaaaaaaaaaaa', append: [message('from a')] })
  await copy.save({ id: 'aaaaaaaaaaaa', append: [message('from the copy')] })
  for (const device of [copy, a, copy]) await device.sync()
  expect(JSON.stringify(await copy.state())).toBe(JSON.stringify(await a.state()))
  expect((await a.state())[0]?.messages).toHaveLength(3)
  expect(copy.id()).not.toBe(a.id())
})

test('a copy never gives the stamps of its original, although both clocks are behind what they saw', async () => {
  const { endpoint, devices } = await devicesOf('stamps', 0, DAY / 24)
  const [a, ahead] = devices as [Device, Device]
  await ahead.save(creation('aaaaaaaaaaaa', 'one'))
  await ahead.sync()
  await a.sync()
  const copy = await openDevice('copy', endpoint, 0, (file) => a.copyTo(file))
  onTestFinished(() => copy.close())
  await a.save({ id: 'aaaaaaaaaaaa', set: { title: 'of the original' }, addTags: ['original'] })
  await copy.save({ id: 'aaaaaaaaaaaa', set: { title: 'of the copy' }, addTags: ['copy'] })
  for (const device of [a, copy, a, ahead]) expect((await device.sync()).equal).toBe(true)
  const [state] = await a.state()
  expect(state?.tags.toSorted()).toEqual(['copy', 'original'])
  for (const device of [copy, ahead]) expect(JSON.stringify(await device.state())).toBe(JSON.stringify([state]))
})

test('a change that a copy got from its original stays older than later changes', async () => {
  const { endpoint, devices } = await devicesOf('older', 0, 0)
  const [a, b] = devices as [Device, Device]
  await a.save(creation('aaaaaaaaaaaa', 'one'))
  await a.sync()
  await b.sync()
  await a.save({ id: 'aaaaaaaaaaaa', set: { title: 'Monday' } })
  const copy = await openDevice('copy', endpoint, 0, (file) => a.copyTo(file))
  onTestFinished(() => copy.close())
  for (const device of [a, b]) await device.sync()
  await b.save({ id: 'aaaaaaaaaaaa', set: { title: 'Tuesday' } })
  for (const device of [b, copy, a, b]) expect((await device.sync()).equal).toBe(true)
  for (const device of [copy, a, b]) expect((await device.state())[0]?.title).toBe('Tuesday')
})

test('a row that cannot be applied is set aside, and does not stop the rest', async () => {
  const { endpoint, devices } = await devicesOf('aside', 0, 0)
  const [a, b] = devices as [Device, Device]
  await a.save(creation('aaaaaaaaaaaa', 'one', 'two'), creation('bbbbbbbbbbbb', 'three'))
  await a.sync()
  const spoil = (body: string) =>
    withServer(endpoint, ({ db }) =>
      sql`update zerodb.message set body = ${body} where body like '%"one"%' or body = 'not JSON'`.execute(db),
    )
  const good = (
    await withServer(endpoint, ({ db }) => sql<{ body: string }>`select body from zerodb.message where body like '%"one"%'`.execute(db))
  ).rows[0]
  await spoil('not JSON')
  const result = await b.sync()
  expect(result).toMatchObject({ aside: 1 })
  expect((await b.state()).map(({ messages }) => messages.map(({ content }) => content))).toEqual([['two'], ['three']])
  await spoil(good?.body ?? '')
  expect(await b.sync({ force: true })).toMatchObject({ aside: 0, equal: true })
  expect(JSON.stringify(await b.state())).toBe(JSON.stringify(await a.state()))
})

test('values of a newer version are kept, and break neither a sync nor a write', async () => {
  const { endpoint, devices } = await devicesOf('newer', 0, 0)
  const [a, b] = devices as [Device, Device]
  await a.save(creation('aaaaaaaaaaaa', 'one'))
  await a.sync()
  const future = {
    status: '"snoozed"',
    title: '{"rich": true}',
    tags: '5',
    'tag:"': 'true',
    'meta:x': 'not JSON',
    created_at: '"soon"',
    colour: '"red"',
  }
  const registers = Object.fromEntries(Object.entries(future).map(([key, v]) => [key, { v, h: `ffffffffffff0000${'0'.repeat(16)}` }]))
  await withServer(endpoint, ({ db }) =>
    sql`select * from zerodb.push(${JSON.stringify([{ id: 'aaaaaaaaaaaa', registers }])}::jsonb, '[]')`.execute(db),
  )
  for (const device of [a, b]) {
    expect(await device.sync()).toMatchObject({ equal: true, aside: 0 })
    await device.save({ id: 'aaaaaaaaaaaa', append: [message('still works')] })
    expect((await device.state())[0]).toMatchObject({ status: 'active', title: '', tags: ['"'] })
  }
  for (const device of [a, b, a]) expect((await device.sync()).equal).toBe(true)
  expect(JSON.stringify(await a.state())).toBe(JSON.stringify(await b.state()))
  const kept = await withServer(endpoint, ({ db }) => sql<{ registers: object }>`select registers from zerodb.session`.execute(db))
  expect(kept.rows[0]?.registers).toMatchObject({ colour: { v: '"red"' }, status: { v: '"snoozed"' } })
})

test('what was written while the clock was wrong is sent once the clock is right, in the same order', async () => {
  const { endpoint, devices } = await devicesOf('wrong', 400 * DAY, 0)
  const [wrong, other] = devices as [Device, Device]
  await wrong.save(creation('aaaaaaaaaaaa', 'one', 'two'))
  await expect(wrong.sync()).rejects.toMatchObject({ code: 'clock' })
  await wrong.save({ id: 'aaaaaaaaaaaa', append: [message('three')] })
  const right = await openDevice('right', endpoint, 0, (file) => wrong.copyTo(file))
  onTestFinished(() => right.close())
  expect((await right.sync()).equal).toBe(true)
  await right.save({ id: 'aaaaaaaaaaaa', append: [message('four')] })
  await right.sync()
  await other.sync()
  expect((await other.state())[0]?.messages.map(({ content }) => content)).toEqual(['one', 'two', 'three', 'four'])
  await other.save({ id: 'aaaaaaaaaaaa', set: { title: 'newer' } })
  await other.sync()
  await right.sync()
  expect((await right.state())[0]?.title).toBe('newer')
})

test('a device that changes to another account sends everything there', async () => {
  const { devices } = await devicesOf('first', 0)
  const [a] = devices as [Device]
  await a.save(creation('aaaaaaaaaaaa', 'one'))
  await a.sync()
  const second = await userOn(await openPostgres(), 'second')
  const moved = await openDevice('moved', second, 0, (file) => a.copyTo(file))
  const fresh = await openDevice('fresh', second)
  onTestFinished(async () => {
    for (const device of [moved, fresh]) await device.close()
  })
  expect(await moved.sync({ pull: false })).toMatchObject({ pushed: { sessions: 1, messages: 1 } })
  await fresh.sync()
  expect(JSON.stringify(await fresh.state())).toBe(JSON.stringify(await a.state()))
})
