import type { PluginReference } from '../config/layers.ts'
import type { Host, LoadedPlugin, Plugin } from '../contract/host.ts'
import type { Isolation } from '../contract/isolation.ts'
import { guardExit } from '../kernel/exit.ts'
import { isProblem, messageOf, Problem } from '../kernel/problem.ts'
import { titleOf } from '../kernel/running-plugin.ts'
import { isThenable, refusePromise } from '../kernel/thenable.ts'
import { withTimeLimit } from '../kernel/time-limit.ts'
import { loadModule } from '../modules/load-module.ts'
import { sourcePlace } from '../modules/source-place.ts'
import { applyPlugin } from './apply-plugin.ts'
import { findPlugin, pluginName } from './find-plugin.ts'
import { guardContribution } from './guard-contribution.ts'
import { RESULT_CHECKS } from './result-checks.ts'

/** Options for loading external plugins. */
export interface ExternalPluginOptions {
  note(text: string): void
  /** The files of plugins to skip, because they failed before. */
  skippedPlugins: readonly string[]
}

/** Loads and applies the plugins of the config files. If a plugin fails, a note says so, and the program continues without the plugin. */
export async function loadExternalPlugins(
  host: Host,
  references: readonly PluginReference[],
  options: ExternalPluginOptions,
): Promise<void> {
  if (references.length > 0) guardExit()
  for (const each of references) await addPlugin(host, each, options)
}

async function addPlugin(
  host: Host,
  { plugin: source, config, allowed }: PluginReference,
  { note, skippedPlugins }: ExternalPluginOptions,
): Promise<void> {
  const record: LoadedPlugin = { name: pluginName(source), file: config, hooks: [] }
  record.isolation = createIsolation(record, note)
  try {
    let value: unknown = source
    if (typeof source === 'string') {
      record.file = findPlugin(source, config, host.env)
      if (skippedPlugins.includes(record.file)) return
      value = await loadModule(record.file, host.env, { limited: true, allowed })
    }
    const plugin = readPlugin(value)
    record.name = plugin.name
    record.plugin = plugin
    record.version = plugin.version
    assertUniqueName(host, record)
    const result = withTimeLimit(() => applyPlugin(host, plugin, record))
    if (isThenable(result)) refusePromise(result, 'apply() returned a promise, expected a synchronous function')
  } catch (error) {
    const place = isProblem(error) ? undefined : sourcePlace(error)
    record.problem = oneLineOf(`${place ? `${place}: ` : ''}${messageOf(error)}`)
    const hint = isProblem(error) && error.code !== 'config' && error.hint ? ` (${error.hint})` : ''
    note(`${titleOf(record)} was not loaded: ${record.problem}${hint}`)
  }
  host.plugins.push(record)
}

/** Returns the guards around a plugin. After its first failure, the plugin is no longer used. */
const createIsolation = (record: LoadedPlugin, warn: (text: string) => void): Isolation => ({
  warn,
  wrap: (kind, item) => guardContribution(record, kind, item),
  check: (hook) => (Object.hasOwn(RESULT_CHECKS, hook) ? RESULT_CHECKS[hook] : undefined),
  guard(hook, run) {
    try {
      return withTimeLimit(run)
    } catch (error) {
      const isNamed = messageOf(error).startsWith(titleOf(record))
      record.problem = oneLineOf(isNamed ? messageOf(error) : `${titleOf(record)} failed in hook '${hook}': ${messageOf(error)}`)
      warn(`${record.problem}; continuing without it`)
      return undefined
    }
  },
})

/** Validates a plugin. Returns a copy whose members are read once, because a getter can throw or change its value later. */
function readPlugin(value: unknown): Plugin {
  const { name, version, requires, config, configPath, apply } = Object(value) as Partial<Plugin>
  // Every function has a `name` and inherits `apply`, but is not a plugin.
  if (typeof name !== 'string' || name.trim() === '' || typeof apply !== 'function' || apply === Function.prototype.apply)
    throw notAPlugin(value)
  assertMember(version === undefined || typeof version === 'string', 'version', 'a string')
  assertMember(requires === undefined || isStrings(requires), 'requires', 'a list of plugin names')
  assertMember(configPath === undefined || typeof configPath === 'string', 'configPath', 'a string')
  assertMember(config === undefined || isSchema(config), 'config', 'a zod schema or a function that returns one')
  return { name, version, requires, config, configPath, apply: (host, block) => apply.call(value, host, block) }
}

const isStrings = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string')

const isSchema = (value: unknown) => typeof value === 'function' || (typeof value === 'object' && value !== null && 'safeParse' in value)

function assertMember(holds: boolean, member: string, expected: string): void {
  if (!holds) throw new Problem('plugin', `invalid ${member}: expected ${expected}`)
}

function notAPlugin(value: unknown): Problem {
  const empty = value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  return new Problem('plugin', empty ? 'missing default export' : 'the default export is not a plugin', {
    hint: 'export default { name, apply }',
  })
}

function assertUniqueName(host: Host, { name, file }: LoadedPlugin): void {
  const other = host.plugins.find((each) => each.name === name && each.problem === undefined)
  if (other)
    throw new Problem(
      'plugin',
      `the name '${name}' is taken by ${other.file === file ? 'the same file, which the config lists twice' : (other.file ?? 'a built-in plugin')}`,
    )
}

const oneLineOf = (text: string) => text.replace(/\s*\n\s*/g, ' ')
