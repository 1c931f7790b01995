import type { CommandEntry } from '../command/command.ts'
import type { Completer } from '../command/completion.ts'
import type { Format } from '../command/format.ts'
import type { Provider } from '../command/provider.ts'
import type { ConfigFile } from '../config/config.ts'
import type { Defaults } from '../config/defaults.ts'
import type { Json } from '../session/session.ts'
import type { Change, Store } from '../session/store.ts'
import type { Variables } from '../session/variables.ts'
import type { Task } from '../thread/worker.ts'
import { kindOf } from './block.ts'
import { withEnv } from './env-refs.ts'
import { createHooks, type Hooks, type QueryFunction } from './hooks.ts'
import type { LoadedPlugin } from './owner.ts'
import type { Config } from './plugin.ts'
import { Problem } from './problem.ts'
import { createRegistry, type Named, type Registry } from './registry.ts'
import { wholeZod, type Zod } from './whole-zod.ts'

/** Which config files were read, the last one winning. */
export interface LoadedConfig {
  values: Config
  files: ConfigFile[]
  /** What each of them says by itself. */
  said: { file: string; values: Config }[]
  defaults: Defaults
  /** Mistakes that a command which needs its settings cannot go on with. */
  problems: Problem[]
}

/** What plugins and commands share: the hooks, what they registered, and the store. */
export interface Host {
  hooks: Hooks
  config: LoadedConfig
  env: NodeJS.ProcessEnv
  /** Whether its store is only read. */
  readOnly: boolean
  /** Whether users' plugins were left out. */
  onlyShipped: boolean
  /** Every plugin that was asked for. */
  plugins: LoadedPlugin[]
  /** zod, for a plugin that has no node_modules. */
  readonly z: Zod
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
  /** A block of the config by its dotted path, its references to the environment resolved; an empty object where there is none. */
  block(path: string): Json
  /** The config file that has the last word on a dotted key; a path that stands there is relative to its folder. */
  fileOf(path: string): string | undefined
  close(): Promise<void>
}

export function createHost(config: LoadedConfig, env: NodeJS.ProcessEnv, { readOnly = false, plugins = true } = {}): Host {
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
  /** A shell tries again at its next command: the disk may have room, or the lock be gone. */
  const forget = (error: unknown): never => {
    store = undefined
    throw error
  }
  return {
    hooks,
    config,
    env,
    readOnly,
    onlyShipped: !plugins,
    plugins: [],
    get z() {
      return wholeZod()
    },
    commands: once('command', hooks.commands),
    formats: once('format', hooks.formats),
    providers: once('provider', hooks.providers),
    functions: once('function', hooks.functions),
    completers: once('completer', hooks.completers),
    tasks: once('task', hooks.tasks),
    variables: new Map(),
    store: () => (store ??= openStore(hooks).catch(forget)),
    fileOf: (path) => config.said.findLast(({ values }) => valueAt(values, path) !== undefined)?.file,
    block: (path) => withEnv(blockAt(config.values, path), env, path) as Json,
    async close() {
      const open = await store?.catch(() => undefined)
      await open?.close()
      if (hooks.close.isUsed()) await hooks.close.promise()
    },
  }
}

function valueAt(values: Config, path: string): unknown {
  let at: unknown = values
  for (const key of path.split('.')) at = typeof at === 'object' && at !== null ? (at as Json)[key] : undefined
  return at
}

function blockAt(values: Config, path: string): Json {
  let at: unknown = values
  const names: string[] = []
  for (const key of path.split('.')) {
    names.push(key)
    at = (at as Json)[key]
    if (at === undefined || at === null) return {}
    if (typeof at !== 'object' || Array.isArray(at)) throw notBlock(names.join('.'), at)
  }
  return at as Json
}

/** A text in the place of a block may be a key, so it is not shown. */
const notBlock = (path: string, value: unknown) =>
  new Problem('config', `config ${path}: expected keys and values, not ${typeof value === 'number' ? value : kindOf(value)}`, {
    hint: 'ainative-code config path names the file',
  })

async function openStore(hooks: Hooks): Promise<Store> {
  const store = await hooks.store.promise()
  if (!store) throw new Problem('no-store', 'no plugin offers a store', { hint: 'the shipped plugin sqlite does' })
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
