import { expect, onTestFinished, test } from 'vitest'
import { accessTo, type Connection } from '../../../plugins/sqlite/index.ts'
import { changeFor, readConflicts } from '../../../plugins/zerodb/sync/read-conflicts.ts'
import { type Home, makeHome } from '../../helpers/cli.ts'
import { okHere, runHere } from '../../helpers/here.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { sample, seed, talk } from '../../helpers/seed.ts'
import { traces } from '../../helpers/traces.ts'
import { type Device, openDevice } from './device.ts'

const ID = 'sample000001'

/** Two homes with the same session. */
async function twoHomes(name: string): Promise<{ a: Home; b: Home; syncAll(): Promise<void> }> {
  const endpoint = await userOn(await openPostgres(), name)
  const [a, b] = [makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }), makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })]
  await seed(a, sample(1, { title: 'Old', metadata: { tags: ['go'] }, messages: talk('Hello', 'Hi') }))
  const syncAll = async () => {
    for (const home of [a, b, a]) await okHere(home, 'session', 'sync')
  }
  await syncAll()
  return { a, b, syncAll }
}

const listOf = async (home: Home) => JSON.parse(await okHere(home, 'session', 'conflicts', '--json')) as Record<string, unknown>[]

test('values that lost against a concurrent change are listed, and come back with --take', async () => {
  const { a, b, syncAll } = await twoHomes('lost')
  await okHere(a, 'session', 'rename', ID, 'By A\u001b[31m')
  await okHere(a, 'session', 'untag', ID, 'go')
  await okHere(a, 'session', 'meta', ID, '__proto__', 'a')
  await okHere(a, 'session', 'meta', ID, 'same', 'x')
  await okHere(b, 'session', 'rename', ID, 'By B')
  await okHere(b, 'session', 'meta', ID, '__proto__', 'b')
  await okHere(b, 'session', 'meta', ID, 'same', 'x')
  await syncAll()
  const title = { session: ID, title: 'By B', field: 'title', lost: 'By A\u001b[31m', kept: 'By B' }
  const metadata = { session: ID, title: 'By B', field: 'metadata __proto__', lost: 'a', kept: 'b' }
  const lost = [...(await listOf(b)), ...(await listOf(a))]
  expect(lost).toEqual(expect.arrayContaining([expect.objectContaining(title), expect.objectContaining(metadata)]))
  expect(lost).toHaveLength(2)
  const home = (await listOf(b)).length > 0 ? b : a
  const n = lost.find(({ field }) => field === 'title')?.n
  expect(await okHere(home, 'session', 'conflicts', ID)).toMatch(/^N +SESSION +FIELD +LOST +KEPT\n/)
  expect(await runHere(home, 'session', 'conflicts', '--take', String(n))).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(`took back the title of ${ID}`),
  })
  await syncAll()
  for (const each of [a, b]) expect(JSON.parse(await okHere(each, 'session', 'show', ID, '--json')).title).toBe('By A\u001b[31m')
  expect(await runHere(home, 'session', 'conflicts', '--take', String(n))).toMatchObject({
    code: 2,
    stderr: `error: there is no conflict ${n}\nhint: ainative-code session conflicts lists them\n`,
  })
})

test('a change that knew the other one loses nothing', async () => {
  const { a, b, syncAll } = await twoHomes('knew')
  await okHere(a, 'session', 'rename', ID, 'By A')
  await syncAll()
  await okHere(b, 'session', 'rename', ID, 'By B')
  await syncAll()
  await okHere(a, 'session', 'sync', '--force')
  expect([await listOf(a), await listOf(b)]).toEqual([[], []])
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

test('a purge removes what was lost', async () => {
  const { a, b, syncAll } = await twoHomes('purged')
  await okHere(a, 'session', 'rename', ID, 'Unlikely words')
  await okHere(b, 'session', 'rename', ID, 'By B')
  await syncAll()
  const home = (await listOf(a)).length > 0 ? a : b
  expect(await listOf(home)).toHaveLength(1)
  await okHere(home, 'session', 'delete', ID, '--force')
  await okHere(home, 'session', 'purge', ID, '--force')
  expect(await listOf(home)).toEqual([])
  expect(traces(home, ['Unlikely words'])).toEqual([])
})
