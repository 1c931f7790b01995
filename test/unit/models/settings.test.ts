import type { Host, Provider } from 'ainative-code'
import { expect, test } from 'vitest'
import { askProvider } from '../../../plugins/models/attempts.ts'
import { resolveTarget } from '../../../plugins/models/target.ts'
import { defineProvider } from '../../../plugins/providers/define.ts'
import type { Api } from '../../../plugins/providers/provider-spec.ts'

/** A shipped provider that counts how often its settings are read, and whose first attempt is rate-limited. */
function openProvider() {
  const counts = { reads: 0, attempts: 0 }
  const api: Api = {
    async *reply({ model }) {
      counts.attempts++
      if (counts.attempts === 1) throw Object.assign(new Error('HTTP 429'), { status: 429, headers: { 'retry-after-ms': '1' }, body: '{}' })
      yield { text: model }
    },
    async *list() {
      yield { id: 'listed' }
    },
    defaultModel: async () => 'found',
  }
  const plugin = defineProvider({
    name: 'counted',
    page: 'https://counted.example',
    keyless: true,
    baseUrl: {
      variables: ['COUNTED_URL'],
      read(text) {
        counts.reads++
        return text
      },
    },
    load: async () => ({ api }),
  })
  const providers = new Map<string, Provider>()
  const registry = {
    get: (name: string) => providers.get(name),
    find: (name: string) => providers.get(name),
    all: () => [...providers.values()],
  }
  const host = {
    env: { COUNTED_URL: 'http://127.0.0.1:1' },
    config: { values: {}, files: [] },
    block: () => ({}),
    providers: () => registry,
    hooks: {
      providers: {
        tap: (_: string, register: (to: object) => void) => register({ add: (item: Provider) => providers.set(item.name, item) }),
      },
    },
  } as unknown as Host
  plugin.apply(host, undefined as never)
  return { host, counts, provider: providers.get('counted') as Provider }
}

const { signal } = new AbortController()
const request = { provider: 'counted', messages: [{ role: 'user' as const, content: 'hi' }] }

async function textOf(target: { provider: Provider; connected?: Provider }, model?: string) {
  const notes: string[] = []
  let text = ''
  for await (const chunk of askProvider(target, { ...request, model }, signal, (note) => notes.push(note))) text += chunk.text ?? ''
  return { text, notes }
}

test('the settings of a provider are read once a request, for its default model and for each attempt', async () => {
  const { host, counts } = openProvider()
  const target = await resolveTarget(host, { provider: 'counted' }, undefined, signal)
  expect(target.model).toBe('found')
  expect(await textOf(target, target.model)).toEqual({
    text: 'found',
    notes: ['counted: rate-limited; retrying in 0.0 s (attempt 2 of 3)'],
  })
  expect(counts).toEqual({ reads: 1, attempts: 2 })
})

test('each request reads them anew', async () => {
  const { counts, provider } = openProvider()
  expect((await textOf({ provider }, 'm')).text).toBe('m')
  expect((await textOf({ provider }, 'm')).text).toBe('m')
  expect(counts).toEqual({ reads: 2, attempts: 3 })
})

test('without any setup the first provider that can chat is the one to name', async () => {
  const { host } = openProvider()
  expect(await resolveTarget(host, { model: 'm' }, undefined, signal)).toMatchObject({ provider: { name: 'counted' } })
})
