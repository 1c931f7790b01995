import { AsyncSeriesBailHook, AsyncSeriesHook, AsyncSeriesWaterfallHook, type FullTap, SyncBailHook, SyncHook } from 'tapable'
import type { Hooks } from '../contract/host.ts'
import { notFound, suggestion } from './nearest.ts'
import { Problem } from './problem.ts'
import { runningPlugin } from './running-plugin.ts'
import { asyncTap, type HookRules, syncTap } from './tap.ts'
import { LIMIT_MS } from './time-limit.ts'

/** Creates the hooks of one host. */
export const createHooks = (): Hooks =>
  rejectUnknownHooks({
    commands: named('commands', new SyncHook(['registry'])),
    formats: named('formats', new SyncHook(['registry'])),
    providers: named('providers', new SyncHook(['registry'])),
    functions: named('functions', new SyncHook(['registry'])),
    completers: named('completers', new SyncHook(['registry'])),
    tasks: named('tasks', new SyncHook(['registry'])),
    store: named('store', new AsyncSeriesBailHook([])),
    missing: named('missing', new AsyncSeriesBailHook(['id', 'context'])),
    incomplete: named('incomplete', new AsyncSeriesBailHook(['text'])),
    query: named('query', new AsyncSeriesBailHook(['text'])),
    where: named('where', new AsyncSeriesBailHook(['text'])),
    line: named('line', new SyncBailHook(['text'])),
    start: named('start', new SyncBailHook(['start'])),
    terminal: named('terminal', new AsyncSeriesBailHook(['terminal'])),
    shell: named('shell', new AsyncSeriesHook(['vorpal'])),
    saving: named('saving', new AsyncSeriesWaterfallHook(['change'])),
    saved: named('saved', new AsyncSeriesHook(['change']), { observes: true }),
    asking: named('asking', new AsyncSeriesWaterfallHook(['request'])),
    replied: named('replied', new AsyncSeriesHook(['request', 'message']), { observes: true }),
    warnings: named('warnings', new SyncHook(['warn', 'command'])),
    close: named('close', new AsyncSeriesHook([]), { observes: true, limit: LIMIT_MS }),
  })

/** Makes access to an unknown hook throw an error that suggests the closest hook. */
const rejectUnknownHooks = <T extends object>(hooks: T): T =>
  new Proxy(hooks, {
    get(all, name) {
      if (typeof name === 'symbol' || Object.hasOwn(all, name)) return Reflect.get(all, name)
      throw new Problem('plugin', notFound('hook', name), { hint: suggestion(name, Object.keys(all)) })
    },
  })

/**
 * Names a hook and corrects three pitfalls of tapable: an async function passed to `.tap` of an async hook is not awaited, the result
 * null ends a bail hook like any value, and an error does not name the plugin.
 */
export function named<H extends { intercept(interceptor: { register(tap: FullTap): FullTap }): void }>(
  name: string,
  hook: H,
  rules: HookRules = {},
): H {
  // tapable's constructors have no prototype, so instanceof throws.
  const isAsync = hook.constructor !== SyncHook && hook.constructor !== SyncBailHook
  hook.intercept({
    register(tap) {
      const owner = runningPlugin()
      if (owner && !owner.hooks.includes(name)) owner.hooks.push(name)
      const fn = isAsync ? asyncTap(name, tap, owner, rules) : syncTap(name, tap, owner)
      return { ...tap, type: isAsync ? 'promise' : 'sync', fn }
    },
  })
  return hook
}

/** True if a plugin taps the hook. `isUsed` of tapable also counts the interceptor that every hook has. */
export const isTapped = ({ taps }: { taps: readonly unknown[] }): boolean => taps.length > 0
