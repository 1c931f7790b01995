import { expect, onTestFinished, test } from 'vitest'
import { isoTime, LOCAL_ONLY, newMessageId, newSessionId } from '../../../core/index.ts'
import { accessTo } from '../../../plugins/sqlite/index.ts'
import { connect } from '../../../plugins/zerodb/server/connect.ts'
import { localOf } from '../../../plugins/zerodb/sync/local.ts'
import { pull } from '../../../plugins/zerodb/sync/pull.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { type Device, openDevice } from './device.ts'
import { openProxy } from './proxy.ts'

const now = isoTime(Date.now())
const message = (content: string) => ({ id: newMessageId(), role: 'user' as const, content, timestamp: now })

/** A session with this many messages: two of them fill several batches of a push, and several pages of a pull. */
function creation(count: number) {
  const id = newSessionId()
  return {
    id,
    create: {
      ...{ id, title: `Of ${count}`, status: 'active' as const, provider: null, model: null, tags: ['go'], metadata: {} },
      created_at: now,
      updated_at: now,
    },
    append: Array.from({ length: count }, (_, i) => message(`number ${i}`)),
  }
}

async function openPair(name: string): Promise<[Device, Device]> {
  const endpoint = await userOn(await openPostgres(), name)
  const devices = [await openDevice('a', endpoint), await openDevice('b', endpoint)] as [Device, Device]
  onTestFinished(async () => {
    for (const device of devices) await device.close()
  })
  return devices
}

test('what is written while several batches are pushed is sent too, and nothing twice', async () => {
  const [a, b] = await openPair('batches')
  const [first, second] = [creation(3500), creation(2500)]
  await a.save(first, second)
  const pushing = a.sync()
  await a.save({ id: first.id, append: [message('written meanwhile')] }, creation(3))
  await pushing
  expect(await a.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await b.sync()).toMatchObject({ equal: true, aside: 0, pulled: { sessions: 3, messages: 6004 } })
  expect(await b.state()).toEqual(await a.state())
})

test('a pull begins again where another process moves the cursor meanwhile', async () => {
  const [a, b] = await openPair('cursor')
  await a.save(creation(1750), creation(1250))
  await a.sync()
  await b.sync({ push: false, pull: false })
  const access = await accessTo(b.host)
  if (!access) throw new Error('no database')
  const local = localOf(access.connection)
  const server = await connect(b.host)
  const counts: number[] = []
  const { rev } = await pull(access, server, ({ messages }) => {
    counts.push(messages)
    if (counts.length === 2) local.setState('cursor', '0')
  })
  await server.close()
  // The first two pages come again, and change nothing.
  expect(counts).toEqual([998, 1998, 1998, 1998, 2998, 3000])
  expect(local.state('cursor')).toBe(String(rev))
  expect(await b.sync()).toMatchObject({ equal: true })
  expect(await b.state()).toEqual(await a.state())
})

/** The number of messages that the device believes the server lacks. */
async function unsent({ host }: Device): Promise<number> {
  const access = await accessTo(host)
  return access?.connection.prepare('select count(*) from sync_messages where sent is not stamp').pluck().get() as number
}

test('a connection that is cut between the batches of a push loses nothing and doubles nothing', async () => {
  const endpoint = await userOn(await openPostgres(), 'batches-cut')
  const proxy = await openProxy(endpoint)
  onTestFinished(proxy.close)
  const [a, b] = [await openDevice('a', proxy.endpoint), await openDevice('b', endpoint)]
  onTestFinished(async () => {
    await a.close()
    await b.close()
  })
  const left: number[] = []
  const cuts = [
    ...[300_000, 700_000].map((after) => ({ from: 'client' as const, after })),
    ...[1000, 1200, 1600].map((after) => ({ from: 'server' as const, after })),
  ]
  for (const cut of cuts) {
    await a.sync()
    await a.save(creation(2200), creation(1))
    proxy.cut = cut
    await a.sync({ pull: false }).catch(() => undefined)
    proxy.cut = undefined
    left.push(await unsent(a))
  }
  expect(left.some((count) => count > 0 && count < 2201)).toBe(true)
  expect(await a.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await b.sync()).toMatchObject({ equal: true, aside: 0, pulled: { sessions: 2 * cuts.length, messages: 2201 * cuts.length } })
  expect(await b.state()).toEqual(await a.state())
})

test('the next batch is prepared before the server refuses a session, and is refused too', async () => {
  const [a, b] = await openPair('batches-refused')
  const [withdrawn, other] = [creation(10), creation(10)]
  await a.save(withdrawn, other)
  await a.sync()
  await b.sync()
  await b.save({ id: withdrawn.id, setMeta: LOCAL_ONLY })
  await b.sync()
  const append = (count: number) => Array.from({ length: count }, (_, i) => message(`later ${i}`))
  await a.save({ id: withdrawn.id, append: append(2500) }, { id: other.id, append: append(1500) })
  await a.sync({ push: false, pull: false })
  // As if another device withdrew the session after this one sent its registers.
  const access = await accessTo(a.host)
  access?.connection.prepare('update sync_registers set sent = stamp where session = ?').run(withdrawn.id)
  expect(await a.sync({ pull: false })).toMatchObject({ pushed: { sessions: 1, messages: 1500 } })
  expect(await unsent(a)).toBe(2500)
  expect(await a.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await b.sync()).toMatchObject({ equal: true, aside: 0, pulled: { sessions: 1, messages: 1500 } })
  const messagesOf = async (device: Device) => (await device.state()).map(({ id, messages }) => [id === other.id, messages.length]).sort()
  expect(await messagesOf(a)).toEqual([
    [false, 2510],
    [true, 1510],
  ])
  expect(await messagesOf(b)).toEqual([
    [false, 10],
    [true, 1510],
  ])
})
