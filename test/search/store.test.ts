import { expect, test } from 'vitest'
import type { Message, Session } from '../../core/index.ts'
import { createHost } from '../../core/loading/host.ts'
import { search } from '../../plugins/search/search.ts'
import { memoryStore } from '../contract/store/memory.ts'

const time = '2024-01-01T10:30:00Z'

function sessionOf(id: string, title: string, ...texts: string[]): Session & { messages: Message[] } {
  const messages = texts.map(
    (content, i) => ({ id: `m${i}`, seq: i + 1, role: i % 2 ? 'assistant' : 'user', content, timestamp: time }) as Message,
  )
  return {
    ...{ id, title, status: 'active', provider: 'openai', model: 'm', tags: [], metadata: {}, message_count: texts.length },
    ...{ created_at: time, updated_at: time, messages },
  }
}

test('a store without an index is searched by reading it', async () => {
  const host = createHost({ values: {}, files: [], layers: [], defaults: {}, problems: [] }, {})
  host.hooks.store.tapPromise('memory', async () =>
    memoryStore([
      sessionOf('a00000000001', 'Needles', 'straw'),
      sessionOf('a00000000002', 'Hay', 'a needle in the hay', 'getUserById of the needle'),
      sessionOf('a00000000003', 'Nothing', 'straw'),
    ]),
  )
  const ask = async (words: string, wanted = {}) => {
    const options = { where: { trashed: false }, limit: 20, signal: new AbortController().signal, progress: () => undefined }
    return search(host, words, { ...options, ...wanted })
  }
  const found = await ask('needle*')
  expect(found.hits.map(({ id, hits }) => [id, hits])).toEqual([
    ['a00000000001', 1],
    ['a00000000002', 2],
  ])
  expect((await ask('"user by id"')).hits[0]?.matches).toMatchObject([
    { message: 'm1', seq: 2, role: 'assistant', snippet: 'getUserById of the needle' },
  ])
  expect((await ask('needle', { roles: ['user'] })).hits[0]?.matches).toHaveLength(1)
  expect((await ask('needle', { within: 'title' })).hits).toEqual([])
  expect(await ask('nowhere')).toMatchObject({ hits: [], notes: ['nothing found'] })
})
