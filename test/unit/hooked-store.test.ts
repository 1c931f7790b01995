import { expect, test } from 'vitest'
import type { Change, Store } from '../../core/index.ts'
import { createHooks } from '../../core/kernel/hooks.ts'
import { withHooks } from '../../core/loading/hooked-store.ts'

test('a write reads nothing before it, unless a plugin taps saving or saved', async () => {
  const calls: string[] = []
  const store = {
    get: async (id: string) => void calls.push(`get ${id}`),
    save: async (changes: Change[]) => void calls.push(`save ${changes.map(({ id }) => id)}`),
  } as unknown as Store
  const hooks = createHooks()
  const hooked = withHooks(store, hooks)
  await hooked.save([{ id: 'a', set: { title: 'T' } }])
  expect(calls.splice(0)).toEqual(['save a'])
  hooks.saved.tap('test', () => undefined)
  await hooked.save([{ id: 'a', set: { title: 'T' } }])
  expect(calls).toEqual(['get a', 'save a'])
})
