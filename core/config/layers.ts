import path from 'node:path'
import type { ConfigFile, Defaults } from '../contract/config.ts'
import type { Config, ConfigLayer, Plugin } from '../contract/host.ts'
import type { Hashes } from '../files/hash.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { oneLine } from '../output/cells.ts'
import { maskedName, withoutKeys } from '../output/secret-names.ts'
import { isBlock, kindOf } from './block.ts'
import { DefaultsSchema } from './defaults.ts'
import { configOf, isCode, readConfig } from './read-config.ts'

/** An entry of `plugins` in a config file. */
export interface PluginReference {
  /** The plugin itself, or its path or package name. */
  plugin: Plugin | string
  /** The config file with the entry. */
  config: string
  /** The files that the plugin may consist of; absent if every file is allowed. */
  allowed?: Hashes
}

/** The merged config of the user and of the project. */
export interface Layers {
  values: Config
  /** The values of each file, the last one winning. */
  layers: ConfigLayer[]
  files: ConfigFile[]
  plugins: PluginReference[]
  defaults: Defaults
}

/** The receivers of the warnings and mistakes of a config. */
export interface LayerOptions {
  note(text: string): void
  /** Receives a mistake that stops each command which needs the settings. */
  fail(problem: Problem): void
}

/** Reads the config of the user and of the project; values of the project win. */
export async function readLayers(
  files: { user?: string; project?: string },
  env: NodeJS.ProcessEnv,
  options: LayerOptions,
): Promise<Layers> {
  const layers: Layers = { values: {}, layers: [], files: [], plugins: [], defaults: {} }
  const { user, project } = files
  if (user) {
    const values = await attempt(() => configOf(readConfig(user), env), options)
    if (values) add(layers, { file: user, layer: 'user', trust: 'own' }, values, options)
  }
  if (project) await addProject(layers, project, env, options)
  return layers
}

async function attempt<T>(work: () => T | Promise<T>, { fail }: LayerOptions): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    fail(error instanceof Problem ? error : new Problem('config', messageOf(error), { cause: error }))
    return undefined
  }
}

async function addProject(layers: Layers, file: string, env: NodeJS.ProcessEnv, { note }: LayerOptions): Promise<void> {
  // A mistake in a project config is a note only: an untrusted project must not stop the program, and a changed file is no longer trusted.
  const options: LayerOptions = { note, fail: ({ message }) => note(`${message}; continuing without it`) }
  const config = await attempt(() => readConfig(file), options)
  if (!config) return add(layers, { file, layer: 'project', trust: 'untrusted' }, {}, options)
  const data = isCode(file) ? undefined : ((await attempt(() => configOf(config, env), options)) ?? {})
  const keys = Object.keys(data ?? {}).filter((key) => key !== 'defaults')
  if (data && keys.length === 0) return add(layers, { file, layer: 'project', trust: 'not needed' }, data, options)
  const trust = (await import('./trust.ts')).checkTrust(config, env)
  if (trust.files) {
    const { files: allowed } = trust
    const values = data ?? (await attempt(() => configOf(config, env, { allowed }), options))
    return values && add(layers, { file, layer: 'project', trust: 'trusted' }, values, options, allowed)
  }
  const trusted = trust.changed === file ? 'it' : file
  const why = trust.changed ? `${trust.changed} has changed since ${trusted} was trusted` : `${file} is not trusted`
  note(`${why}: skipped ${data ? shortList(keys) : 'the whole file'}; run ainative-code trust to use it`)
  add(layers, { file, layer: 'project', trust: 'untrusted' }, { defaults: data?.defaults }, options)
}

const shortList = (keys: string[]) =>
  `${keys
    .slice(0, 5)
    .map((key) => oneLine(maskedName(key)))
    .join(', ')}${keys.length > 5 ? ', …' : ''}`

function add(layers: Layers, file: ConfigFile, values: Config, options: LayerOptions, allowed?: Hashes): void {
  const { plugins, defaults, ...blocks } = values
  layers.files.push(file)
  layers.layers.push({ file: file.file, values })
  layers.values = merge(layers.values, blocks) as Config
  layers.plugins.push(...pluginsOf(plugins, file.file, options).map((plugin) => ({ plugin, config: file.file, allowed })))
  layers.defaults = { ...layers.defaults, ...defaultsOf(defaults, file, options) }
  if (defaults !== undefined) layers.values.defaults = layers.defaults
}

function pluginsOf(plugins: unknown, file: string, { fail }: LayerOptions): (Plugin | string)[] {
  if (plugins === undefined || plugins === null) return []
  if (Array.isArray(plugins)) return plugins
  fail(invalid(file, 'plugins', `expected a list of plugins, not ${kindOf(plugins)}`))
  return []
}

/** Validates each key separately, so that a mistake in one key does not discard the others. */
function defaultsOf(block: unknown, { file }: ConfigFile, { fail }: LayerOptions): Defaults {
  if (block === undefined || block === null) return {}
  if (!isBlock(block)) fail(invalid(file, 'defaults', `expected keys and values, not ${kindOf(block)}`))
  const known = isBlock(block) ? Object.entries(DefaultsSchema().shape).filter(([key]) => block[key] !== undefined) : []
  const values = known.flatMap(([key, schema]) => {
    const result = schema.safeParse((block as Record<string, unknown>)[key])
    if (result.success) return [[key, result.data]]
    const [issue] = result.error.issues
    fail(invalid(file, ['defaults', key, ...(issue?.path ?? [])].join('.'), withoutKeys(issue?.message ?? 'invalid value')))
    return []
  })
  return Object.fromEntries(values)
}

const invalid = (file: string, key: string, text: string) =>
  new Problem('config', `config ${key}: ${text} (${file})`, { hint: `fix ${path.basename(file)}` })

/** Merges nested blocks; any other value of `over` replaces the one of `under`. */
function merge(under: unknown, over: unknown): unknown {
  if (!isBlock(over)) return over
  const merged = isBlock(under) ? { ...under } : {}
  for (const [key, value] of Object.entries(over)) if (key !== '__proto__') merged[key] = merge(merged[key], value)
  return merged
}
