import { expect, onTestFinished, test } from 'vitest'
import { isoTime, newMessageId, newSessionId } from '../../../core/index.ts'
import { accessTo } from '../../../plugins/sqlite/index.ts'
import { connect } from '../../../plugins/zerodb/server/connect.ts'
import { localOf } from '../../../plugins/zerodb/sync/local.ts'
import { pull } from '../../../plugins/zerodb/sync/pull.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { type Device, openDevice } from './device.ts'

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
  await a.save(creation(3500), creation(2500))
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
  expect(counts).toEqual([1998, 3998, 3998, 3998, 5998, 6000])
  expect(local.state('cursor')).toBe(String(rev))
  expect(await b.sync()).toMatchObject({ equal: true })
  expect(await b.state()).toEqual(await a.state())
})
