import { AsyncSeriesBailHook, AsyncSeriesHook, AsyncSeriesWaterfallHook, type FullTap, SyncHook } from 'tapable'
import type { CommandEntry } from '../command/command.ts'
import type { Completer } from '../command/completion.ts'
import type { Format } from '../command/format.ts'
import type { ChatRequest, Provider } from '../command/provider.ts'
import { type Check, checkBoolean, checkChange, checkFunction, checkPredicate, checkRequest, checkStore } from '../loading/checks.ts'
import type { Json, Message } from '../session/session.ts'
import type { Change, Store, Watcher } from '../session/store.ts'
import type { Task } from '../thread/worker.ts'
import { LIMIT_MS } from './bounded.ts'
import { suggestion } from './nearest.ts'
import { runningPlugin } from './owner.ts'
import { Problem } from './problem.ts'
import type { Registry } from './registry.ts'
import { asyncTap, syncTap } from './tap.ts'

/** A JSONata function: called as `$name(…)` with plain values. */
export interface QueryFunction {
  name: string
  summary?: string
  /** JSONata's own signature syntax, such as `<s-:n>`. */
  signature?: string
  /** Called in the main process before a query that names the function, which is then called in a process that only reads. */
  prepare?(watcher: Watcher): Promise<void>
  call(...args: unknown[]): unknown
}

/** Tells for each session row whether the condition holds. It throws a Problem if the answer is not a boolean. */
export type Predicate = (rows: Json[], signal: AbortSignal) => Promise<boolean[]>

/** Evaluates an expression over data in its JSON form; undefined where nothing matches. */
export type Evaluate = (data: unknown, signal: AbortSignal) => Promise<unknown>

/** Every hook of the core; see docs/plugins.md for what a tap may do. */
export const createHooks = () =>
  known({
    commands: named('commands', new SyncHook<[Registry<CommandEntry>]>(['registry'])),
    formats: named('formats', new SyncHook<[Registry<Format>]>(['registry'])),
    providers: named('providers', new SyncHook<[Registry<Provider>]>(['registry'])),
    functions: named('functions', new SyncHook<[Registry<QueryFunction>]>(['registry'])),
    /** Kinds of values for completion. */
    completers: named('completers', new SyncHook<[Registry<Completer>]>(['registry'])),
    /** Work for a process of its own. */
    tasks: named('tasks', new SyncHook<[Registry<Task>]>(['registry'])),
    /** Answers with the store. */
    store: named('store', new AsyncSeriesBailHook<[], Store>([]), { check: checkStore }),
    /** Tells whether an expression goes on in the next line. */
    incomplete: named('incomplete', new AsyncSeriesBailHook<[string], boolean>(['text']), { check: checkBoolean }),
    /** Turns the expression of --query into a function that evaluates it over a command's data. */
    query: named('query', new AsyncSeriesBailHook<[string], Evaluate>(['text']), { check: checkFunction }),
    /** Turns the text of --where into a predicate. */
    where: named('where', new AsyncSeriesBailHook<[string], Predicate>(['text']), { check: checkPredicate }),
    /** Before a write begins: may change it, or veto it by throwing. */
    saving: named('saving', new AsyncSeriesWaterfallHook<[Change]>(['change']), { check: checkChange }),
    /** After the commit. */
    saved: named('saved', new AsyncSeriesHook<[Change]>(['change']), { observes: true }),
    /** Before a model is asked: may change the request, or veto it by throwing. */
    asking: named('asking', new AsyncSeriesWaterfallHook<[ChatRequest]>(['request']), { check: checkRequest }),
    /** After its reply was stored. */
    replied: named('replied', new AsyncSeriesHook<[ChatRequest, Message]>(['request', 'message']), { observes: true }),
    /** At exit. */
    close: named('close', new AsyncSeriesHook<[]>([]), { observes: true, limit: LIMIT_MS }),
  })

/** Says which hooks there are where one is asked for that is not. */
const known = <T extends object>(hooks: T): T =>
  new Proxy(hooks, {
    get(all, name) {
      if (typeof name === 'symbol' || Object.hasOwn(all, name)) return Reflect.get(all, name)
      throw new Problem('no-hook', `there is no hook ${JSON.stringify(name)}`, { hint: suggestion(name, Object.keys(all)) })
    },
  })

export type Hooks = ReturnType<typeof createHooks>

/** What holds for each tap of a hook, beside its name. */
export interface HookRules {
  /** Checks the results of users' plugins. */
  check?: Check
  /** Its taps only look on: a failure of a user's plugin is a warning. */
  observes?: boolean
  /** How many milliseconds a tap of a user's plugin may take. */
  limit?: number
}

/**
 * Corrects three traps of tapable: an async function given to `.tap` of an async hook is not awaited, null bails like a value, and an
 * error does not name the plugin.
 */
export function named<H extends { intercept(interceptor: { register(tap: FullTap): FullTap }): void }>(
  name: string,
  hook: H,
  rules: HookRules = {},
): H {
  // Its constructors have no prototype for instanceof to look at.
  const isAsync = hook.constructor !== SyncHook
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
