import shipped from 'ainative-code/config'
import { findProjectConfig, findUserConfigs, realFile } from '../config/discovery.ts'
import type { Layers } from '../config/layers.ts'
import type { Host, LoadedPlugin, Plugin } from '../contract/host.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { escapeControls } from '../output/escape-controls.ts'
import { writeNote } from '../output/write.ts'
import { applyPlugin } from './apply-plugin.ts'
import { createHost } from './host.ts'

/** Options for loading a host. */
export interface LoadOptions {
  /** False to load only built-in plugins. */
  plugins?: boolean
  /** True to write no warnings, for a second host of the same run. */
  quiet?: boolean
  /** The files of plugins to skip, because they failed before. */
  skippedPlugins?: readonly string[]
  /** True if nothing may be written to the store. */
  readOnly?: boolean
}

/** Reads the config, applies the plugins and returns the host. */
export async function loadHost(env: NodeJS.ProcessEnv, options: LoadOptions = {}): Promise<Host> {
  const { plugins = true, quiet = false, readOnly = false, skippedPlugins = [] } = options
  const note = (text: string) => quiet || writeNote(escapeControls(`warning: ${text.replace(/[\r\n]+/g, ' ')}\n`))
  const [user, ...others] = findUserConfigs(env)
  for (const other of others) note(`ignored ${other}: ${user} has precedence`)
  const files = configFiles(user, note)
  const problems: Problem[] = []
  const fail = (problem: Problem) => void problems.push(problem)
  const layers =
    files.user || files.project ? await (await import('../config/layers.ts')).readLayers(files, env, { note, fail }) : undefined
  const host = createHostFrom(layers, problems, env, { readOnly, plugins })
  for (const plugin of builtInPlugins()) applyBuiltIn(host, plugin)
  if (!layers) return host
  if (plugins && layers.plugins.length > 0)
    await (await import('./external-plugins.ts')).loadExternalPlugins(host, layers.plugins, { note, skippedPlugins })
  const complete = plugins && host.plugins.every(({ problem }) => problem === undefined)
  await (await import('../config/known-keys.ts')).noteUnknown(layers.layers, host, note, complete)
  return host
}

/** Returns the real paths of the config files. A link in a project to the user's config does not count as a project config. */
function configFiles(link: string | undefined, note: (text: string) => void): { user?: string; project?: string } {
  const user = link && realFile(link)
  const project = findProjectConfig(workingFolder(), note)
  return { user, project: project === user ? undefined : project }
}

const builtInPlugins = () => (shipped.plugins ?? []).filter((plugin): plugin is Plugin => typeof plugin !== 'string')

function createHostFrom(
  layers: Layers | undefined,
  problems: Problem[],
  env: NodeJS.ProcessEnv,
  options: { readOnly: boolean; plugins: boolean },
): Host {
  const named = (layers?.plugins ?? []).map(({ plugin }) => plugin)
  const values = { ...shipped, ...layers?.values, plugins: [...(shipped.plugins ?? []), ...named] }
  const { files = [], layers: each = [], defaults = {} } = layers ?? {}
  return createHost({ values, files, layers: each, defaults, problems }, env, options)
}

/** Applies a built-in plugin. With an invalid config block, the plugin runs with its defaults, and the mistake is a problem of the config. */
function applyBuiltIn(host: Host, plugin: Plugin): void {
  const record: LoadedPlugin = { name: plugin.name, plugin, hooks: [] }
  host.plugins.push(record)
  try {
    applyPlugin(host, plugin, record)
  } catch (error) {
    host.config.problems.push(error instanceof Problem ? error : new Problem('plugin', messageOf(error), { cause: error }))
    plugin.apply(host, {})
  }
}

/** Returns the working folder; the root if the folder was removed. */
function workingFolder(): string {
  try {
    return process.cwd()
  } catch {
    return '/'
  }
}
