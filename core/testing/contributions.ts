import type { Format } from '../contract/format.ts'
import type { CommandEntry, Completer, Host, Plugin, Task } from '../contract/host.ts'
import type { Provider } from '../contract/provider.ts'
import type { QueryFunction } from '../contract/query.ts'

/** The things that a plugin adds, in order. */
export interface Contributions {
  commands: CommandEntry[]
  formats: Format[]
  providers: Provider[]
  functions: QueryFunction[]
  completers: Completer[]
  tasks: Task[]
}

/** Applies a plugin to hooks that only record what the plugin adds; taps of other hooks are ignored. */
export function contributionsOf(plugin: Pick<Plugin, 'apply'>, config: object = {}): Contributions {
  const added: Contributions = { commands: [], formats: [], providers: [], functions: [], completers: [], tasks: [] }
  const hookOf = (name: string) => {
    const list = Object.hasOwn(added, name) ? (added[name as keyof Contributions] as unknown[]) : undefined
    const tap = (_: unknown, collect: (registry: object) => void) => list && collect({ add: (item: unknown) => void list.push(item) })
    return { tap, tapPromise: () => undefined, tapAsync: () => undefined }
  }
  const hooks = new Proxy({}, { get: (_, name) => hookOf(String(name)) })
  plugin.apply({ hooks } as Host, config as never)
  return added
}
