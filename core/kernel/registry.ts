import type { LoadedPlugin } from '../contract/host.ts'
import type { Named, Registry } from '../contract/registry.ts'
import { notFound, suggestion } from './nearest.ts'
import { Problem } from './problem.ts'
import { runningPlugin, titleOf } from './running-plugin.ts'

const namesOf = (item: Named) => [item.name, ...(item.aliases ?? []), ...(item.argvAliases ?? [])]

/** The kind of item in a registry, as messages name it. */
export type RegistryKind = 'command' | 'format' | 'provider' | 'function' | 'completer' | 'task'

/** Creates an empty registry. */
export function createRegistry<T extends Named>(kind: RegistryKind): Registry<T> {
  const items = new Map<string, T>()
  const names = new Map<string, T>()
  const owners = new Map<T, LoadedPlugin>()
  return {
    add(contribution) {
      const owner = runningPlugin()
      const item = owner?.isolation ? owner.isolation.wrap(kind, contribution) : contribution
      const taken = namesOf(item).find((name) => names.has(name))
      if (taken !== undefined) {
        const first = owners.get(names.get(taken) as T)
        const text = `a ${kind} named ${JSON.stringify(taken)}${first ? `, added by ${titleOf(first)} before; the first one is used` : ''}`
        if (!owner?.isolation) throw new Problem('exists', `there is already ${text}`)
        return owner.isolation.warn(`${titleOf(owner)} adds ${text}`)
      }
      if (owner) owners.set(item, owner)
      items.set(item.name, item)
      for (const name of namesOf(item)) names.set(name, item)
    },
    find: (name) => names.get(name),
    get(name) {
      const item = names.get(name)
      if (item) return item
      throw new Problem(`no-${kind}`, notFound(kind, name), { hint: suggestion(name, items.keys()), exit: 2 })
    },
    all: () => [...items.values()],
    names: () => [...items.keys()],
  }
}
