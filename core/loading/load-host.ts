import shipped from 'ainative-code/config'
import { projectConfig, realFile, userConfigs } from '../config/discovery.ts'
import type { Layers } from '../config/layers.ts'
import type { Host, LoadedPlugin, Plugin } from '../contract/host.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { harmless } from '../output/harmless.ts'
import { writeNote } from '../output/write.ts'
import { applyPlugin } from './apply-plugin.ts'
import { createHost } from './host.ts'

export interface LoadOptions {
  /** False: none but the shipped ones. */
  plugins?: boolean
  /** For a second host of one run, when all has been said. */
  quiet?: boolean
  /** The files of plugins that are known to fail. */
  without?: readonly string[]
  /** Its store is only read. */
  readOnly?: boolean
}

/** Reads the config, applies its plugins and gives the host. */
export async function load(env: NodeJS.ProcessEnv, options: LoadOptions = {}): Promise<Host> {
  const { plugins = true, quiet = false, readOnly = false, without = [] } = options
  const note = (text: string) => quiet || writeNote(harmless(`warning: ${text.replace(/[\r\n]+/g, ' ')}\n`))
  const [user, ...others] = userConfigs(env)
  for (const other of others) note(`${other} is ignored, because ${user} exists too`)
  const files = configFiles(user, note)
  const problems: Problem[] = []
  const fail = (problem: Problem) => void problems.push(problem)
  const layers =
    files.user || files.project ? await (await import('../config/layers.ts')).readLayers(files, env, { note, fail }) : undefined
  const host = hostOf(layers, problems, env, { readOnly, plugins })
  for (const plugin of shippedPlugins()) applyShipped(host, plugin)
  if (!layers) return host
  if (plugins && layers.wanted.length > 0) await (await import('./external-plugins.ts')).extend(host, layers.wanted, { note, without })
  const complete = plugins && host.plugins.every(({ problem }) => problem === undefined)
  await (await import('../config/known-keys.ts')).noteUnknown(layers.said, host, note, complete)
  return host
}

/** The config files by their real paths. The user's own config is no project's config, wherever a link to it lies. */
function configFiles(link: string | undefined, note: (text: string) => void): { user?: string; project?: string } {
  const user = link && realFile(link)
  const project = projectConfig(workingFolder(), note)
  return { user, project: project === user ? undefined : project }
}

const shippedPlugins = () => (shipped.plugins ?? []).filter((plugin): plugin is Plugin => typeof plugin !== 'string')

function hostOf(
  layers: Layers | undefined,
  problems: Problem[],
  env: NodeJS.ProcessEnv,
  options: { readOnly: boolean; plugins: boolean },
): Host {
  const named = (layers?.wanted ?? []).map(({ plugin }) => plugin)
  const values = { ...shipped, ...layers?.values, plugins: [...(shipped.plugins ?? []), ...named] }
  const { files = [], said = [], defaults = {} } = layers ?? {}
  return createHost({ values, files, said, defaults, problems }, env, options)
}

function applyShipped(host: Host, plugin: Plugin): void {
  const record: LoadedPlugin = { name: plugin.name, plugin, hooks: [] }
  host.plugins.push(record)
  try {
    applyPlugin(host, plugin, record)
  } catch (error) {
    host.config.problems.push(error instanceof Problem ? error : new Problem('plugin', messageOf(error), { cause: error }))
    plugin.apply(host, {})
  }
}

/** It may have been removed. */
function workingFolder(): string {
  try {
    return process.cwd()
  } catch {
    return '/'
  }
}
