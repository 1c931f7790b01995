import { applyPlugin } from './apply.ts'
import { blaming } from './blame.ts'
import { bounded } from './bounded.ts'
import { guardExit } from './exit.ts'
import type { Host } from './host.ts'
import type { Wanted } from './layers.ts'
import { findPlugin, nameOf } from './locate.ts'
import { type Hold, type LoadedPlugin, titleOf } from './owner.ts'
import type { Plugin } from './plugin.ts'
import { messageOf, Problem } from './problem.ts'
import { sourcePlace } from './source-place.ts'
import { loadModule } from './typescript.ts'

export interface ExtendOptions {
  note(text: string): void
  /** The files of plugins that are known to fail. */
  without: readonly string[]
}

/** Loads and applies the plugins that the configs name. One that fails is told of in a line, and the run goes on without it. */
export async function extend(host: Host, wanted: readonly Wanted[], options: ExtendOptions): Promise<void> {
  if (wanted.length > 0) guardExit()
  for (const each of wanted) await addPlugin(host, each, options)
}

async function addPlugin(host: Host, { plugin: given, config, allowed }: Wanted, { note, without }: ExtendOptions): Promise<void> {
  const record: LoadedPlugin = { name: nameOf(given), file: config, hooks: [] }
  record.hold = holdOf(record, note)
  try {
    let value: unknown = given
    if (typeof given === 'string') {
      record.file = findPlugin(given, config, host.env)
      if (without.includes(record.file)) return
      value = await loadModule(record.file, host.env, { limited: true, allowed })
    }
    const plugin = checked(value)
    record.name = plugin.name
    record.plugin = plugin
    record.version = plugin.version
    refuseTwin(host, record)
    const result = bounded(() => applyPlugin(host, plugin, record))
    if (isThenable(result)) refusePromise(result)
  } catch (error) {
    const place = error instanceof Problem ? undefined : sourcePlace(error)
    record.problem = oneLineOf(`${place ? `${place}: ` : ''}${messageOf(error)}`)
    const hint = error instanceof Problem && error.code !== 'config' && error.hint ? ` (${error.hint})` : ''
    note(`${titleOf(record)} was not loaded: ${record.problem}${hint}`)
  }
  host.plugins.push(record)
}

/** What has failed once takes no part any more. */
const holdOf = (record: LoadedPlugin, warn: (text: string) => void): Hold => ({
  warn,
  wrap: (kind, item) => blaming(record, kind, item),
  guard(hook, run) {
    try {
      return bounded(run)
    } catch (error) {
      const named = messageOf(error).startsWith(titleOf(record))
      record.problem = oneLineOf(named ? messageOf(error) : `${titleOf(record)} failed in hook '${hook}': ${messageOf(error)}`)
      warn(`${record.problem}; the run goes on without it`)
      return undefined
    }
  },
})

function checked(value: unknown): Plugin {
  const { name, apply } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Plugin>
  if (typeof name === 'string' && name.trim() !== '' && typeof apply === 'function') return value as Plugin
  const empty = value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  throw new Problem('plugin', empty ? 'it exports nothing' : 'it exports no plugin', { hint: 'its default export has a name and an apply' })
}

function refuseTwin(host: Host, { name, file }: LoadedPlugin): void {
  const twin = host.plugins.find((each) => each.name === name && each.problem === undefined)
  if (twin)
    throw new Problem(
      'plugin',
      `there is already a plugin '${name}' (${twin.file ?? 'a shipped one'})${twin.file === file ? ', it is named twice' : ''}`,
    )
}

const isThenable = (value: unknown): value is Promise<unknown> => typeof value === 'object' && value !== null && 'then' in value

function refusePromise(promise: Promise<unknown>): never {
  if (promise instanceof Promise) promise.catch(() => undefined)
  throw new Problem('plugin', 'its apply gives a promise; it has to tap hooks at once, without async')
}

const oneLineOf = (text: string) => text.replace(/\s*\n\s*/g, ' ')
