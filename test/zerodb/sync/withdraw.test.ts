import { expect, onTestFinished, test } from 'vitest'
import { type Change, isoTime, LOCAL_ONLY, newMessageId, newSessionId } from '../../../core/index.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { type Device, openDevice } from './device.ts'

const now = isoTime(Date.now())
const message = (content: string) => ({ id: newMessageId(), role: 'user' as const, content, timestamp: now })

function creation(title: string, ...texts: string[]): Change {
  const id = newSessionId()
  const session = { id, title, status: 'active' as const, provider: null, model: null, tags: [], metadata: {} }
  return { id, create: { ...session, created_at: now, updated_at: now }, append: texts.map(message) }
}

/** Two devices with one session, which the first one made local-only and then removed before the server heard of it. */
async function openPair(name: string): Promise<{ a: Device; b: Device; id: string }> {
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
  await a.save({ id: session.id, setMeta: LOCAL_ONLY })
  await a.sync({ push: false, pull: false })
  await a.save({ id: session.id, remove: true })
  return { a, b, id: session.id }
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
