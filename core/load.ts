import shipped from 'ainative-code/config'
import { applyPlugin } from './apply.ts'
import { projectConfig, userConfig } from './config.ts'
import { harmless } from './harmless.ts'
import { createHost, type Host } from './host.ts'
import type { Layers } from './layers.ts'
import type { LoadedPlugin } from './owner.ts'
import type { Plugin } from './plugin.ts'
import { messageOf } from './problem.ts'
import { writeNote } from './write.ts'

export interface LoadOptions {
  /** False: none but the shipped ones, and a config that cannot be read is no failure. */
  plugins?: boolean
  /** For the shell: a config with a mistake is a line, and not a failure. */
  lenient?: boolean
  /** For a second host of one run, when all has been said. */
  quiet?: boolean
  /** Its store is only read. */
  readOnly?: boolean
}

/** Reads the config, applies its plugins and gives the host. */
export async function load(env: NodeJS.ProcessEnv, options: LoadOptions = {}): Promise<Host> {
  const { plugins = true, lenient = !plugins, quiet = false, readOnly = false } = options
  const note = (text: string) => quiet || writeNote(harmless(`warning: ${text}\n`))
  const files = { user: userConfig(env), project: projectConfig(workingFolder()) }
  const layers = files.user || files.project ? await (await import('./layers.ts')).readLayers(files, env, { lenient, note }) : undefined
  const host = hostOf(layers, env, { readOnly, plugins })
  for (const plugin of shippedPlugins()) applyShipped(host, plugin, lenient ? note : undefined)
  if (!layers) return host
  if (plugins && layers.wanted.length > 0) await (await import('./extend.ts')).extend(host, layers.wanted, note)
  // A plugin that is not there may be who knows a key.
  const complete = plugins && host.plugins.every(({ problem }) => problem === undefined)
  if (complete)
    (await import('./known.ts')).noteUnknown(
      layers,
      host.plugins.flatMap(({ plugin = [] }) => plugin),
      note,
    )
  return host
}

const shippedPlugins = () => (shipped.plugins ?? []).filter((plugin): plugin is Plugin => typeof plugin !== 'string')

function hostOf(layers: Layers | undefined, env: NodeJS.ProcessEnv, options: { readOnly: boolean; plugins: boolean }): Host {
  const named = (layers?.wanted ?? []).map(({ plugin }) => plugin)
  const values = { ...shipped, ...layers?.values, plugins: [...(shipped.plugins ?? []), ...named] }
  return createHost({ values, files: layers?.files ?? [], defaults: layers?.defaults ?? {} }, env, options)
}

function applyShipped(host: Host, plugin: Plugin, note: ((text: string) => void) | undefined): void {
  const record: LoadedPlugin = { name: plugin.name, plugin, hooks: [] }
  host.plugins.push(record)
  try {
    applyPlugin(host, plugin, record)
  } catch (error) {
    if (!note) throw error
    note(`${messageOf(error)}; the run goes on with what is shipped`)
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
