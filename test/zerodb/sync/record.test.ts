import { expect, onTestFinished, test } from 'vitest'
import { isoTime, newMessageId, newSessionId } from '../../../core/index.ts'
import { accessTo } from '../../../plugins/sqlite/index.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { openDevice } from './device.ts'

const now = isoTime(Date.now())

test('a message that was recorded with its session is sent again only when it changes', async () => {
  const endpoint = await userOn(await openPostgres(), 'record')
  const [a, b] = [await openDevice('a', endpoint), await openDevice('b', endpoint)]
  onTestFinished(async () => {
    await a.close()
    await b.close()
  })
  const access = await accessTo(a.host)
  if (!access) throw new Error('no database')
  const { connection } = access
  const hashes = () => connection.prepare('select hash is null from sync_messages').pluck().all()
  const session = newSessionId()
  const append = ['first', 'second', 'third'].map((content) => ({ id: newMessageId(), role: 'user' as const, content, timestamp: now }))
  const hide = (...numbers: number[]) => numbers.map((n) => ({ id: append[n - 1]?.id ?? '', hidden: true }))
  const create = { id: session, title: 'T', status: 'active' as const, provider: null, model: null, tags: [], metadata: {} }
  await a.save({ id: session, create: { ...create, created_at: now, updated_at: now }, append })

  await a.sync({ push: false, pull: false })
  expect(hashes()).toEqual([1, 1, 1])
  await a.save({ id: session, setMessages: hide(2) })
  expect(hashes().sort()).toEqual([0, 1, 1])
  expect(await a.sync()).toMatchObject({ equal: true, pushed: { messages: 3 } })
  expect(hashes()).toEqual([0, 0, 0])

  connection.exec('update messages set content = content')
  expect(await a.sync()).toMatchObject({ equal: true, pushed: { sessions: 0, messages: 0 } })
  await a.save({ id: session, setMessages: hide(1, 2) })
  expect(await a.sync()).toMatchObject({ equal: true, pushed: { messages: 1 } })
  expect(await b.sync()).toMatchObject({ equal: true, pulled: { sessions: 1, messages: 3 } })
  expect(await b.state()).toEqual(await a.state())
  expect((await b.state())[0]?.messages.map(({ hidden = false }) => hidden)).toEqual([true, true, false])
})
