import { kindOf } from '../config/block.ts'
import { withEnv } from '../config/env-refs.ts'
import type { Config, Hooks, Host, LoadedConfig } from '../contract/host.ts'
import type { Named, Registry } from '../contract/registry.ts'
import type { Json } from '../contract/session.ts'
import type { Store } from '../contract/store.ts'
import { createHooks, isTapped } from '../kernel/hooks.ts'
import { Problem } from '../kernel/problem.ts'
import { createRegistry, type RegistryKind } from '../kernel/registry.ts'
import { withHooks } from './hooked-store.ts'
import { wholeZod } from './whole-zod.ts'

/** Creates a host without plugins. */
export function createHost(config: LoadedConfig, env: NodeJS.ProcessEnv, { readOnly = false, plugins = true } = {}): Host {
  const hooks = createHooks()
  let store: Promise<Store> | undefined
  /** Forgets a failed store, so that the next command of a shell opens it again. */
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
    commands: registryOf('command', hooks.commands),
    formats: registryOf('format', hooks.formats),
    providers: registryOf('provider', hooks.providers),
    functions: registryOf('function', hooks.functions),
    completers: registryOf('completer', hooks.completers),
    tasks: registryOf('task', hooks.tasks),
    variables: new Map(),
    store: () => (store ??= openStore(hooks).catch(forget)),
    fileOf: (path) => config.layers.findLast(({ values }) => valueAt(values, path) !== undefined)?.file,
    block: (path) => withEnv(blockAt(config.values, path), env, path) as Json,
    async close() {
      const open = await store?.catch(() => undefined)
      await open?.close()
      if (isTapped(hooks.close)) await hooks.close.promise()
    },
  }
}

/** Returns a getter of a registry, which plugins fill at the first call. */
function registryOf<T extends Named>(kind: RegistryKind, hook: { call(registry: Registry<T>): void }): () => Registry<T> {
  let registry: Registry<T> | undefined
  return () => {
    if (registry) return registry
    registry = createRegistry<T>(kind)
    hook.call(registry)
    return registry
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

/** Returns the Problem of a value that is not a block. The message omits a string, because a string can be an API key. */
const notBlock = (path: string, value: unknown) =>
  new Problem('config', `config ${path}: expected keys and values, not ${typeof value === 'number' ? value : kindOf(value)}`, {
    hint: 'ainative-code config path names the file',
  })

async function openStore(hooks: Hooks): Promise<Store> {
  const store = await hooks.store.promise()
  if (!store) throw new Problem('no-store', 'no plugin provides a store', { hint: 'ainative-code plugin list shows the loaded plugins' })
  return withHooks(store, hooks)
}
