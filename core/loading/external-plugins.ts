import type { Wanted } from '../config/layers.ts'
import type { Hold, Host, LoadedPlugin, Plugin } from '../contract/host.ts'
import { guardExit } from '../kernel/exit.ts'
import { isProblem, messageOf, Problem } from '../kernel/problem.ts'
import { titleOf } from '../kernel/running-plugin.ts'
import { isThenable, refusePromise } from '../kernel/thenable.ts'
import { bounded } from '../kernel/time-limit.ts'
import { loadModule } from '../modules/load-module.ts'
import { sourcePlace } from '../modules/source-place.ts'
import { applyPlugin } from './apply-plugin.ts'
import { findPlugin, nameOf } from './find-plugin.ts'
import { blaming } from './guard-contribution.ts'
import { RESULT_CHECKS } from './result-checks.ts'

export interface ExtendOptions {
  note(text: string): void
  /** The files of plugins that are known to fail. */
  without: readonly string[]
}

/** Loads and applies the plugins that the configs name. A plugin that fails is reported in a line, and the run continues without it. */
export async function extend(host: Host, wanted: readonly Wanted[], options: ExtendOptions): Promise<void> {
  if (wanted.length > 0) guardExit()
  for (const each of wanted) await addPlugin(host, each, options)
}

async function addPlugin(host: Host, { plugin: source, config, allowed }: Wanted, { note, without }: ExtendOptions): Promise<void> {
  const record: LoadedPlugin = { name: nameOf(source), file: config, hooks: [] }
  record.hold = holdOf(record, note)
  try {
    let value: unknown = source
    if (typeof source === 'string') {
      record.file = findPlugin(source, config, host.env)
      if (without.includes(record.file)) return
      value = await loadModule(record.file, host.env, { limited: true, allowed })
    }
    const plugin = checked(value)
    record.name = plugin.name
    record.plugin = plugin
    record.version = plugin.version
    refuseTwin(host, record)
    const result = bounded(() => applyPlugin(host, plugin, record))
    if (isThenable(result)) refusePromise(result, 'its apply returned a promise, expected it to tap hooks at once, without async')
  } catch (error) {
    const place = isProblem(error) ? undefined : sourcePlace(error)
    record.problem = oneLineOf(`${place ? `${place}: ` : ''}${messageOf(error)}`)
    const hint = isProblem(error) && error.code !== 'config' && error.hint ? ` (${error.hint})` : ''
    note(`${titleOf(record)} was not loaded: ${record.problem}${hint}`)
  }
  host.plugins.push(record)
}

/** A plugin that failed once takes no further part in the run. */
const holdOf = (record: LoadedPlugin, warn: (text: string) => void): Hold => ({
  warn,
  wrap: (kind, item) => blaming(record, kind, item),
  check: (hook) => (Object.hasOwn(RESULT_CHECKS, hook) ? RESULT_CHECKS[hook] : undefined),
  guard(hook, run) {
    try {
      return bounded(run)
    } catch (error) {
      const named = messageOf(error).startsWith(titleOf(record))
      record.problem = oneLineOf(named ? messageOf(error) : `${titleOf(record)} failed in hook '${hook}': ${messageOf(error)}`)
      warn(`${record.problem}; continuing without it`)
      return undefined
    }
  },
})

/** A copy of a plugin's members, each read once: a getter may throw, or give another value later. */
function checked(value: unknown): Plugin {
  const { name, version, requires, config, configPath, apply } = Object(value) as Partial<Plugin>
  // Each function has a name and an apply of JavaScript's own.
  if (typeof name !== 'string' || name.trim() === '' || typeof apply !== 'function' || apply === Function.prototype.apply)
    throw noPlugin(value)
  refuseUnless(version === undefined || typeof version === 'string', 'version', 'a text')
  refuseUnless(requires === undefined || isTexts(requires), 'requires', 'a list of names')
  refuseUnless(configPath === undefined || typeof configPath === 'string', 'configPath', 'a text')
  refuseUnless(config === undefined || isSchema(config), 'config', 'a zod schema, or a function that returns one')
  return { name, version, requires, config, configPath, apply: (host, block) => apply.call(value, host, block) }
}

const isTexts = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string')

const isSchema = (value: unknown) => typeof value === 'function' || (typeof value === 'object' && value !== null && 'safeParse' in value)

function refuseUnless(holds: boolean, member: string, expected: string): void {
  if (!holds) throw new Problem('plugin', `its ${member} is wrong: expected ${expected}`)
}

function noPlugin(value: unknown): Problem {
  const empty = value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  return new Problem('plugin', empty ? 'it exports nothing' : 'it exports no plugin', {
    hint: 'its default export has a name and an apply',
  })
}

function refuseTwin(host: Host, { name, file }: LoadedPlugin): void {
  const twin = host.plugins.find((each) => each.name === name && each.problem === undefined)
  if (twin)
    throw new Problem(
      'plugin',
      `there is already a plugin '${name}' (${twin.file ?? 'a shipped one'})${twin.file === file ? ', it is named twice' : ''}`,
    )
}

const oneLineOf = (text: string) => text.replace(/\s*\n\s*/g, ' ')
