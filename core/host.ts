import type { CommandEntry } from './command.ts'
import type { Completer } from './completion.ts'
import type { Format } from './format.ts'
import { createHooks, type Hooks, type QueryFunction } from './hooks.ts'
import type { Config } from './plugin.ts'
import { Problem } from './problem.ts'
import type { Provider } from './provider.ts'
import { createRegistry, type Named, type Registry } from './registry.ts'
import type { Json } from './session.ts'
import type { Change, Store } from './store.ts'
import type { Task } from './thread.ts'
import type { Variables } from './variables.ts'

/** Which config files were read, the last one winning. */
export interface LoadedConfig {
  values: Config
  files: string[]
}

/** What plugins and commands share: the hooks, what they registered, and the store. */
export interface Host {
  hooks: Hooks
  config: LoadedConfig
  env: NodeJS.ProcessEnv
  /** Whether its store is only read. */
  readOnly: boolean
  commands(): Registry<CommandEntry>
  formats(): Registry<Format>
  providers(): Registry<Provider>
  functions(): Registry<QueryFunction>
  completers(): Registry<Completer>
  tasks(): Registry<Task>
  /** Of this run of the shell or of a script. */
  variables: Variables
  /** The store, whose saves go through the hooks saving and saved. */
  store(): Promise<Store>
  /** A block of the config by its dotted path, an empty object where there is none. */
  block(path: string): Json
  close(): Promise<void>
}

export function createHost(config: LoadedConfig, env: NodeJS.ProcessEnv, { readOnly = false } = {}): Host {
  const hooks = createHooks()
  const once = <T extends Named>(kind: string, hook: { call(registry: Registry<T>): void }) => {
    let registry: Registry<T> | undefined
    return () => {
      if (registry) return registry
      registry = createRegistry<T>(kind)
      hook.call(registry)
      return registry
    }
  }
  let store: Promise<Store> | undefined
  return {
    hooks,
    config,
    env,
    readOnly,
    commands: once('command', hooks.commands),
    formats: once('format', hooks.formats),
    providers: once('provider', hooks.providers),
    functions: once('function', hooks.functions),
    completers: once('completer', hooks.completers),
    tasks: once('task', hooks.tasks),
    variables: new Map(),
    store: () => (store ??= openStore(hooks)),
    block: (path) => blockAt(config.values, path),
    async close() {
      const open = await store?.catch(() => undefined)
      await open?.close()
      if (hooks.close.isUsed()) await hooks.close.promise()
    },
  }
}

function blockAt(values: Config, path: string): Json {
  let at: unknown = values
  for (const key of path.split('.')) at = typeof at === 'object' && at !== null ? (at as Json)[key] : undefined
  return typeof at === 'object' && at !== null ? (at as Json) : {}
}

async function openStore(hooks: Hooks): Promise<Store> {
  const store = await hooks.store.promise()
  if (!store) throw new Problem('no-store', 'no plugin offers a store', { hint: 'ainative.config.ts names the shipped ones' })
  return { ...store, save: (changes) => save(store, hooks, changes), import: (mode) => startImport(store, hooks, mode) }
}

async function save(store: Store, hooks: Hooks, changes: Change[]): Promise<void> {
  const wanted: Change[] = []
  for (const change of changes) wanted.push(hooks.saving.isUsed() ? await hooks.saving.promise(change) : change)
  await store.save(wanted)
  if (hooks.saved.isUsed()) for (const change of wanted) await hooks.saved.promise(change)
}

async function startImport(store: Store, hooks: Hooks, mode: Parameters<Store['import']>[0]): ReturnType<Store['import']> {
  const under = await store.import(mode)
  return {
    ...under,
    async stage(session, messages) {
      if (!hooks.saving.isUsed()) return under.stage(session, messages)
      const change = await hooks.saving.promise({ id: session.id, create: session, append: messages })
      return under.stage(change.create ?? session, change.append ?? messages)
    },
  }
}
