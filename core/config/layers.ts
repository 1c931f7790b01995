import path from 'node:path'
import type { ConfigFile, Defaults } from '../contract/config.ts'
import type { Config, Plugin } from '../contract/host.ts'
import type { Hashes } from '../files/hash.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { oneLine } from '../output/cells.ts'
import { maskedName, withoutKeys } from '../output/secret-names.ts'
import { isBlock, kindOf } from './block.ts'
import { DefaultsSchema } from './defaults.ts'
import { configOf, isCode, readConfig } from './read-config.ts'

/** A plugin that a config names, and where from. */
export interface Wanted {
  plugin: Plugin | string
  config: string
  /** The files that it may be made of, where only those are trusted. */
  allowed?: Hashes
}

/** What the config files of the user and of the project say together. */
export interface Layers {
  values: Config
  /** What each file says by itself. */
  said: { file: string; values: Config }[]
  files: ConfigFile[]
  wanted: Wanted[]
  defaults: Defaults
}

export interface LayerOptions {
  note(text: string): void
  /** A mistake that a command which needs its settings cannot go on with. */
  fail(problem: Problem): void
}

export const noLayers = (): Layers => ({ values: {}, said: [], files: [], wanted: [], defaults: {} })

/** Reads the config of the user and of the project, the later one winning. */
export async function readLayers(
  files: { user?: string; project?: string },
  env: NodeJS.ProcessEnv,
  options: LayerOptions,
): Promise<Layers> {
  const layers = noLayers()
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
  // Before it is trusted, a mistake in it is no reason to stop; and a config with a new mistake is not what was trusted.
  const options: LayerOptions = { note, fail: ({ message }) => note(`${message}; continuing without it`) }
  const config = await attempt(() => readConfig(file), options)
  if (!config) return add(layers, { file, layer: 'project', trust: 'untrusted' }, {}, options)
  const data = isCode(file) ? undefined : ((await attempt(() => configOf(config, env), options)) ?? {})
  const keys = Object.keys(data ?? {}).filter((key) => key !== 'defaults')
  if (data && keys.length === 0) return add(layers, { file, layer: 'project', trust: 'not needed' }, data, options)
  const trust = (await import('./trust.ts')).trustOf(config, env)
  if (trust.files) {
    const { files: allowed } = trust
    const values = data ?? (await attempt(() => configOf(config, env, { allowed }), options))
    return values && add(layers, { file, layer: 'project', trust: 'trusted' }, values, options, allowed)
  }
  const since = trust.changed === file ? 'it' : file
  const why = trust.changed ? `${trust.changed} has changed since ${since} was trusted` : `${file} is not trusted`
  note(`${why}: ${data ? `skipped ${shortList(keys)}` : 'nothing of it is used'}; ainative-code trust takes it`)
  add(layers, { file, layer: 'project', trust: 'untrusted' }, { defaults: data?.defaults }, options)
}

const shortList = (keys: string[]) =>
  `${keys
    .slice(0, 5)
    .map((key) => oneLine(maskedName(key)))
    .join(', ')}${keys.length > 5 ? ', …' : ''}`

function add(layers: Layers, file: ConfigFile, said: Config, options: LayerOptions, allowed?: Hashes): void {
  const { plugins, defaults, ...blocks } = said
  layers.files.push(file)
  layers.said.push({ file: file.file, values: said })
  layers.values = merge(layers.values, blocks) as Config
  layers.wanted.push(...wantedOf(plugins, file.file, options).map((plugin) => ({ plugin, config: file.file, allowed })))
  layers.defaults = { ...layers.defaults, ...defaultsOf(defaults, file, options) }
  if (defaults !== undefined) layers.values.defaults = layers.defaults
}

function wantedOf(plugins: unknown, file: string, { fail }: LayerOptions): (Plugin | string)[] {
  if (plugins === undefined || plugins === null) return []
  if (Array.isArray(plugins)) return plugins
  fail(wrong(file, 'plugins', `expected a list of plugins, not ${kindOf(plugins)}`))
  return []
}

/** Each key by itself, so that a mistake in one does not take the others along. */
function defaultsOf(block: unknown, { file }: ConfigFile, { fail }: LayerOptions): Defaults {
  if (block === undefined || block === null) return {}
  if (!isBlock(block)) fail(wrong(file, 'defaults', `expected keys and values, not ${kindOf(block)}`))
  const known = isBlock(block) ? Object.entries(DefaultsSchema().shape).filter(([key]) => block[key] !== undefined) : []
  const values = known.flatMap(([key, schema]) => {
    const result = schema.safeParse((block as Record<string, unknown>)[key])
    if (result.success) return [[key, result.data]]
    const [issue] = result.error.issues
    fail(wrong(file, ['defaults', key, ...(issue?.path ?? [])].join('.'), withoutKeys(issue?.message ?? 'it is wrong')))
    return []
  })
  return Object.fromEntries(values)
}

const wrong = (file: string, key: string, text: string) =>
  new Problem('config', `config ${key}: ${text} (${file})`, { hint: `fix ${path.basename(file)}` })

/** Blocks within blocks are put together; of anything else the later one stands. */
function merge(under: unknown, over: unknown): unknown {
  if (!isBlock(over)) return over
  const merged = isBlock(under) ? { ...under } : {}
  for (const [key, value] of Object.entries(over)) if (key !== '__proto__') merged[key] = merge(merged[key], value)
  return merged
}
