import { expect, onTestFinished, test } from 'vitest'
import { type Change, isoTime, LOCAL_ONLY, newMessageId, newSessionId } from '../../../core/index.ts'
import { accessTo, type Connection } from '../../../plugins/sqlite/index.ts'
import { readConflicts } from '../../../plugins/zerodb/sync/read-conflicts.ts'
import { here, makeHome } from '../../helpers/cli.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { sample, seed, talk } from '../../helpers/seed.ts'
import { type Device, openDevice } from './device.ts'

const now = isoTime(Date.now())
const message = (content: string) => ({ id: newMessageId(), role: 'user' as const, content, timestamp: now })

function creation(title: string, ...texts: string[]): Change {
  const id = newSessionId()
  const session = { id, title, status: 'active' as const, provider: null, model: null, tags: [], metadata: {} }
  return { id, create: { ...session, created_at: now, updated_at: now }, append: texts.map(message) }
}

/** Two devices with one session. */
async function openSynced(name: string): Promise<{ a: Device; b: Device; id: string }> {
  const endpoint = await userOn(await openPostgres(), name)
  const [a, b] = [await openDevice('a', endpoint), await openDevice('b', endpoint)]
  onTestFinished(async () => {
    await a.close()
    await b.close()
  })
  const session = creation('Withdrawn', 'one', 'two', 'three')
  await a.save(session)
  await a.sync()
  await b.sync()
  return { a, b, id: session.id }
}

/** Two devices with one session, which the first one made local-only and then removed before the server heard of it. */
async function openPair(name: string) {
  const pair = await openSynced(name)
  await pair.a.save({ id: pair.id, setMeta: LOCAL_ONLY })
  await pair.a.sync({ push: false, pull: false })
  await pair.a.save({ id: pair.id, remove: true })
  return pair
}

const contents = async (device: Device) =>
  (await device.state()).map(({ title, messages }) => [title, ...messages.map(({ content }) => content)]).sort()

test('a copy that was made local-only and removed takes what the server has with it', async () => {
  const { a, b, id } = await openPair('withdraw-sent')
  await b.save({ id, append: [message('of the other device')] })
  await b.sync()
  expect(await a.sync({ force: true })).toMatchObject({ equal: true, aside: 0 })
  // Rows of other sessions get the place of the removed ones in the database.
  await b.save(creation('Another', 'four', 'five', 'six', 'seven', 'eight'))
  for (const device of [b, a]) expect(await device.sync()).toMatchObject({ equal: true, aside: 0 })
  for (const device of [a, b]) expect(await contents(device)).toEqual([['Another', 'four', 'five', 'six', 'seven', 'eight']])
})

test('what the other device has not sent stays there', async () => {
  const { a, b, id } = await openPair('withdraw-unsent')
  await b.save({ id, append: [message('not sent yet')] })
  await a.sync()
  await b.save(creation('Another', 'four'))
  for (const device of [b, a]) expect(await device.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await contents(a)).toEqual([['Another', 'four']])
  expect(await contents(b)).toEqual([
    ['Another', 'four'],
    ['Withdrawn', 'one', 'two', 'three', 'not sent yet'],
  ])
})

test('what another device changed and sent before it learned that a session is local-only reaches this copy', async () => {
  for (const isBack of [false, true]) {
    const endpoint = await userOn(await openPostgres(), `fields${isBack}`)
    const [a, b] = [here(makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })), here(makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }))]
    const id = 'sample000001'
    const meta = (home: typeof a, ...args: string[]) => home.ok('session', 'meta', id, ...args)
    await seed(a, sample(1, { title: 'Old', tags: ['both', 'old'], metadata: { kept: 1, own: 1 }, messages: talk('Hello') }))
    for (const home of [a, b]) await home.ok('session', 'sync')
    await b.ok('session', 'rename', id, 'Of B')
    await b.ok('session', 'tag', id, 'new')
    await b.ok('session', 'untag', id, 'old')
    await meta(b, 'project', 'b')
    await meta(b, 'own', 'of B')
    await b.ok('session', 'sync')
    await meta(a, 'sync', 'local-only')
    await meta(a, 'own', 'of A')
    if (isBack) await meta(a, '--unset', 'sync')
    for (const home of [a, b]) await home.ok('session', 'sync')
    const shown = await a.json('session', 'show', id, '--json')
    const { tags, ...metadata } = shown.metadata
    expect([shown.title, tags.sort(), metadata]).toEqual([
      'Of B',
      ['both', 'new'],
      { kept: 1, own: 'of A', project: 'b', ...(!isBack && { sync: 'local-only' }) },
    ])
    expect(await a.json('session', 'conflicts', '--json')).toMatchObject([{ field: 'metadata own', lost: 'of B', kept: 'of A' }])
    if (isBack) expect(await b.json('session', 'show', id, '--json')).toEqual(shown)
    else expect(await b.json('session', 'list', '--json')).toEqual([])
  }
})

test('an edit of another device that did not know that a session is local-only is kept as a conflict', async () => {
  for (const isBack of [false, true]) {
    const { a, b, id } = await openSynced(`edit${isBack}`)
    const [
      {
        messages: [first],
      } = { messages: [] },
    ] = await b.state()
    await b.save({ id, replace: [{ ...message('edited'), id: first?.id ?? '' }] })
    await b.sync()
    await a.save({ id, setMeta: LOCAL_ONLY })
    if (isBack) await a.save({ id, unsetMeta: ['sync'] })
    for (const device of [a, b, a]) expect(await device.sync()).toMatchObject({ equal: true, aside: 0 })
    expect(await contents(a)).toEqual([['Withdrawn', 'one', 'two', 'three']])
    const { connection } = (await accessTo(a.host)) ?? {}
    expect(readConflicts(connection as Connection, id)).toMatchObject([{ field: 'message', lost: 'edited', kept: 'one' }])
  }
})
