import type { Hooks } from '../contract/host.ts'
import type { Change, Store } from '../contract/store.ts'
import { isTapped } from '../kernel/hooks.ts'
import { isLocalOnly, staysLocal } from '../session/local-only.ts'

/** Returns the store with a `save` and an `import` that call the hooks saving and saved, except for local-only sessions. */
export const withHooks = (store: Store, hooks: Hooks): Store => ({
  ...store,
  save: (changes) => save(store, hooks, changes),
  import: (mode) => startImport(store, hooks, mode),
})

async function save(store: Store, hooks: Hooks, changes: Change[]): Promise<void> {
  if (!isTapped(hooks.saving) && !isTapped(hooks.saved)) return store.save(changes)
  const accepted: { change: Change; isLocal: boolean }[] = []
  for (const change of changes) {
    const { metadata = {} } = (change.create ? undefined : await store.get(change.id)) ?? {}
    const seen = isTapped(hooks.saving) && !staysLocal(metadata, change) ? await hooks.saving.promise(change) : change
    accepted.push({ change: seen, isLocal: staysLocal(metadata, seen) })
  }
  await store.save(accepted.map(({ change }) => change))
  if (isTapped(hooks.saved)) for (const { change, isLocal } of accepted) if (!isLocal) await hooks.saved.promise(change)
}

async function startImport(store: Store, hooks: Hooks, mode: Parameters<Store['import']>[0]): ReturnType<Store['import']> {
  const under = await store.import(mode)
  return {
    ...under,
    async stage(session, messages) {
      if (!isTapped(hooks.saving) || isLocalOnly(session.metadata) || isLocalOnly((await store.get(session.id))?.metadata ?? {}))
        return under.stage(session, messages)
      const change = await hooks.saving.promise({ id: session.id, create: session, append: messages })
      return under.stage(change.create ?? session, change.append ?? messages)
    },
  }
}
