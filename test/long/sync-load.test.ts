import { expect, onTestFinished, test } from 'vitest'
import { type Change, isoTime, newMessageId } from '../../core/index.ts'
import { parseEndpoint, urlText } from '../../plugins/zerodb/server/endpoint.ts'
import { migrate } from '../../plugins/zerodb/server/migrate.ts'
import { addUser } from '../../plugins/zerodb/server/users.ts'
import { openPostgres, PASSWORD, withServer } from '../helpers/postgres.ts'
import { type Device, openDevice } from '../zerodb/sync/device.ts'

const DEVICES = 50
const USERS = 200
const SESSIONS = 5

/** Creates users whose names begin with this. Returns their endpoints. */
async function users(prefix: string, count: number): Promise<string[]> {
  const { admin } = await openPostgres()
  const names = Array.from({ length: count }, (_, i) => `${prefix}${i}`)
  await withServer(admin, async (server) => {
    await migrate(server)
    for (const name of names) await addUser(server, name, PASSWORD)
  })
  // All of them share the processor of this process.
  return names.map((user) => `${urlText({ ...parseEndpoint(admin, 'test'), user, password: PASSWORD })}?connect_timeout=300`)
}

async function openDevices(endpoints: string[]): Promise<Device[]> {
  const devices: Device[] = []
  onTestFinished(async () => {
    for (const device of devices) await device.close()
  })
  for (const [i, endpoint] of endpoints.entries()) {
    const device = await openDevice(`d${i}`, endpoint)
    await device.save(...Array.from({ length: SESSIONS }, (_, n) => creation(i, n)))
    devices.push(device)
  }
  return devices
}

function creation(device: number, number: number): Change {
  const [id, now] = [`d${String(device).padStart(5, '0')}n${String(number).padStart(5, '0')}`, isoTime(Date.now())]
  const fields = { id, title: id, status: 'active' as const, provider: null, model: null, tags: [], metadata: {} }
  const message = { id: newMessageId(), role: 'user' as const, content: 'Hello', timestamp: now }
  return { id, create: { ...fields, created_at: now, updated_at: now }, append: [message] }
}

/** Syncs all devices at once, and prints how long they took. */
async function syncAtOnce(what: string, devices: Device[]): Promise<void> {
  const times = await Promise.all(
    devices.map(async (device) => {
      const start = performance.now()
      await device.sync()
      return performance.now() - start
    }),
  )
  const p95 = times.sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? 0
  console.info(`${what}: p95 ${(p95 / 1000).toFixed(2)} s`)
}

test('50 devices of one user sync at once', async () => {
  const [endpoint = ''] = await users('one', 1)
  const devices = await openDevices(Array<string>(DEVICES).fill(endpoint))
  await syncAtOnce(`${DEVICES} devices of one user`, devices)
  for (const device of [...devices, ...devices]) await device.sync()
  const [first, ...others] = await Promise.all(devices.map(async (device) => JSON.stringify(await device.state())))
  expect(JSON.parse(first ?? '')).toHaveLength(DEVICES * SESSIONS)
  for (const other of others) expect(other).toBe(first)
})

test('200 users sync at once', async () => {
  const devices = await openDevices(await users('many', USERS))
  await syncAtOnce(`${USERS} users`, devices)
  for (const device of devices) expect(await device.sync()).toMatchObject({ equal: true, pulled: { sessions: 0 }, pushed: { sessions: 0 } })
})
