import assert from 'node:assert/strict'
import type { Expr } from '../contract/plan.ts'
import type { Session } from '../contract/session.ts'
import type { Change, MessageRange, NewMessage, Store } from '../contract/store.ts'
import type { Case } from './case.ts'
import { HARD_TEXTS } from './samples.ts'
import { create, createThree, idsOf, messagesOf, newMessage, newSession, plain } from './store-fixtures.ts'

/** The contract of a store. `open` returns a new, empty store for each case, which the case closes. */
export function storeCases(open: () => Promise<Store>): Case[] {
  const cases = { ...WRITES, ...MESSAGES, ...LISTS, ...IMPORTS }
  return Object.entries(cases).map(([name, check]) => ({
    name: `store: ${name}`,
    async run() {
      const store = await open()
      try {
        await check(store)
      } finally {
        await store.close()
      }
    },
  }))
}

type Check = (store: Store) => Promise<void>

const WRITES: Record<string, Check> = {
  async 'a created session is read as it was written'(store) {
    const session = await create(store, 'one')
    const { message_count, ...stored } = (await store.get('one')) as Session
    assert.deepEqual(plain(stored), plain(session))
    assert.equal(message_count, 0)
    assert.equal(await store.get('none'), undefined)
  },
  async 'any text survives'(store) {
    for (const [i, text] of HARD_TEXTS.entries()) {
      await create(store, `text${i}`, { title: text, metadata: { key: text } }, [newMessage(1, text)])
      const session = await store.get(`text${i}`)
      assert.deepEqual([session?.title, session?.metadata.key], [text, text])
      assert.deepEqual(
        (await messagesOf(store, `text${i}`)).map(({ content }) => content),
        [text],
      )
    }
  },
  async 'a change sets, adds and removes, and leaves the rest'(store) {
    await create(store, 'one', { tags: ['a', 'b'], metadata: { x: 1, y: 2 } })
    await store.save([
      {
        id: 'one',
        set: { title: 'New', model: null, origin: { tool: 'x' } },
        addTags: ['c'],
        removeTags: ['a'],
        setMeta: { z: 3 },
        unsetMeta: ['x'],
      },
    ])
    const session = await store.get('one')
    assert.deepEqual([session?.title, session?.model, session?.provider], ['New', null, 'openai'])
    assert.deepEqual(session?.tags, ['b', 'c'])
    assert.deepEqual(session?.metadata, { y: 2, z: 3 })
    assert.deepEqual(session?.origin, { tool: 'x' })
  },
  async 'all changes of a save are applied, or none'(store) {
    await create(store, 'one')
    const changes: Change[] = [
      { id: 'one', set: { title: 'New' } },
      { id: 'one', create: newSession('one') },
    ]
    await assert.rejects(store.save(changes))
    assert.equal((await store.get('one'))?.title, 'Sample')
  },
  async 'remove deletes the session and its messages'(store) {
    await create(store, 'one', {}, [newMessage(1, 'hi')])
    await store.save([{ id: 'one', remove: true }])
    assert.equal(await store.get('one'), undefined)
    assert.deepEqual(await store.allIds(), [])
    assert.deepEqual(store.readMessages('one'), [])
  },
}

const MESSAGES: Record<string, Check> = {
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

const LISTS: Record<string, Check> = {
  async 'filters select sessions'(store) {
    await createThree(store)
    const select = async (where: Expr) => (await idsOf(store, { where })).sort()
    assert.deepEqual(await select({ tag: 'go' }), ['one', 'two'])
    assert.deepEqual(await select({ and: [{ tag: 'go' }, { not: { field: 'provider', is: 'openai' } }] }), ['two'])
    assert.deepEqual(await select({ or: [{ ids: ['one'] }, { title: 'Gamma' }] }), ['one', 'tre'])
    assert.deepEqual(await select({ titleHolds: 'ALPH' }), ['one'])
    assert.deepEqual(await select({ time: 'created_at', from: Date.parse('2024-01-02T00:00:00Z') }), ['tre', 'two'])
    assert.deepEqual(await select({ field: 'project', is: 'p2' }), ['two'])
    assert.equal(await store.count({ tag: 'go' }), 2)
  },
  async 'sort, reverse and limit order the list'(store) {
    await createThree(store)
    assert.deepEqual(await idsOf(store, { sort: 'date' }), ['tre', 'two', 'one'])
    assert.deepEqual(await idsOf(store, { sort: 'title', limit: 2 }), ['one', 'two'])
    assert.deepEqual(await idsOf(store, { sort: 'messages', reverse: true }), ['tre', 'two', 'one'])
  },
  async 'the trash is a state that lists can select'(store) {
    await createThree(store)
    await store.save([{ id: 'one', set: { deleted_at: '2024-02-01T00:00:00Z' } }])
    assert.deepEqual(await idsOf(store, { where: { trashed: true } }), ['one'])
    assert.equal(await store.count({ trashed: false }), 2)
    assert.deepEqual(
      (await store.idsWithPrefix('on', true, 10)).map(({ id }) => id),
      ['one'],
    )
  },
  async 'values of a field start with a prefix'(store) {
    await createThree(store)
    assert.deepEqual(await store.values('tag', 'g', 10), ['go'])
    assert.deepEqual(await store.values('provider', '', 1), ['anthropic'])
  },
}

const IMPORTS: Record<string, Check> = {
  async 'a staged import is invisible until commit'(store) {
    const staged = await store.import('refuse')
    await staged.stage(newSession('one'), [newMessage(1, 'a')])
    assert.deepEqual(await idsOf(store, {}), [])
    const { added, messages } = await staged.commit()
    assert.deepEqual([added, messages], [1, 1])
    assert.deepEqual(await idsOf(store, {}), ['one'])
  },
  async 'an aborted import leaves nothing'(store) {
    const staged = await store.import('refuse')
    await staged.stage(newSession('one'), [newMessage(1, 'a')])
    await staged.abort()
    assert.deepEqual(await store.allIds(), [])
  },
  async 'skip keeps the stored session, merge adds missing messages'(store) {
    await create(store, 'one', {}, [newMessage(1, 'a')])
    const skipped = await store.import('skip')
    await skipped.stage(newSession('one', { title: 'Other' }), [newMessage(1, 'a'), newMessage(2, 'b')])
    assert.equal((await skipped.commit()).skipped, 1)
    assert.equal((await store.get('one'))?.message_count, 1)
    const merged = await store.import('merge')
    await merged.stage(newSession('one'), [newMessage(1, 'a'), newMessage(2, 'b')])
    assert.equal((await merged.commit()).merged, 1)
    assert.deepEqual(
      (await messagesOf(store, 'one')).map(({ content }) => content),
      ['a', 'b'],
    )
  },
}
