import assert from 'node:assert/strict'
import type { MessageRange, NewMessage } from '../contract/store.ts'
import { type Check, create, messagesOf, newMessage } from './store-fixtures.ts'

/** The cases about messages. */
export const MESSAGES: Record<string, Check> = {
  async 'messages keep their order and are counted'(store) {
    await create(store, 'one', {}, [newMessage(1, 'a'), newMessage(2, 'b')])
    await store.save([{ id: 'one', append: [newMessage(3, 'c')] }])
    assert.deepEqual(
      (await messagesOf(store, 'one')).map(({ seq, content }) => [seq, content]),
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ],
    )
    assert.equal((await store.get('one'))?.message_count, 3)
    assert.deepEqual(
      store.readMessages('one').map(({ content }) => content),
      ['a', 'b', 'c'],
    )
  },
  async 'a range skips, limits and starts at a seq'(store) {
    await create(
      store,
      'one',
      {},
      [1, 2, 3, 4, 5].map((seq) => newMessage(seq, `m${seq}`)),
    )
    const read = async (range: MessageRange) => (await messagesOf(store, 'one', range)).map(({ seq }) => seq)
    assert.deepEqual(await read({ skip: 1, limit: 2 }), [2, 3])
    assert.deepEqual(await read({ from: 4 }), [4, 5])
    assert.deepEqual(await read({ from: 4, before: 2, limit: 3 }), [2, 3, 4])
  },
  async 'replace and removeMessages change single messages'(store) {
    await create(store, 'one', {}, [newMessage(1, 'a'), newMessage(2, 'b'), newMessage(3, 'c')])
    await store.save([{ id: 'one', replace: [{ ...newMessage(2, 'B') }], removeMessages: [newMessage(1, '').id, 'gone'] }])
    assert.deepEqual(
      (await messagesOf(store, 'one')).map(({ content }) => content),
      ['B', 'c'],
    )
    assert.equal((await store.get('one'))?.message_count, 2)
  },
  async 'hidden messages are left out on request'(store) {
    await create(store, 'one', {}, [newMessage(1, 'a'), newMessage(2, 'b')])
    await store.save([{ id: 'one', setMessages: [{ id: newMessage(1, '').id, hidden: true }] }])
    assert.deepEqual(
      (await messagesOf(store, 'one', { visible: true })).map(({ content }) => content),
      ['b'],
    )
    assert.deepEqual(
      (await store.modelMessages({ id: 'one' })).map(({ content }) => content),
      ['b'],
    )
  },
  async 'grow appends to a partial message, and replace completes it'(store) {
    const message: NewMessage = { ...newMessage(1, 'Hel'), role: 'assistant', state: 'partial' }
    await create(store, 'one', {}, [message])
    await store.grow('one', message.id, { text: 'lo' })
    assert.deepEqual(
      (await messagesOf(store, 'one')).map(({ content, state }) => [content, state]),
      [['Hello', 'partial']],
    )
    const { state: _, ...complete } = message
    await store.save([{ id: 'one', replace: [{ ...complete, content: 'Hello!' }] }])
    assert.deepEqual(
      (await messagesOf(store, 'one')).map(({ content, state }) => [content, state]),
      [['Hello!', undefined]],
    )
  },
}
