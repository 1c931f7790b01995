import assert from 'node:assert/strict'
import type { Expr } from '../contract/plan.ts'
import type { Session } from '../contract/session.ts'
import type { Change, Store } from '../contract/store.ts'
import type { Case } from './case.ts'
import { HARD_TEXTS } from './samples.ts'
import { type Check, create, createThree, idsOf, messagesOf, newMessage, newSession, plain } from './store-fixtures.ts'
import { MESSAGES } from './store-messages.ts'

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
