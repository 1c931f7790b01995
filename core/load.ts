import fs from 'node:fs'
import path from 'node:path'
import shipped from 'ainative-code/config'
import { createHost, type Host, type LoadedConfig } from './host.ts'
import { configFolder } from './paths.ts'
import type { Config, Plugin } from './plugin.ts'
import { messageOf, Problem } from './problem.ts'

const USER_CONFIG = /^config\.(ya?ml|json)$/

/** Reads the config, applies its plugins and gives the host. */
export async function load(env: NodeJS.ProcessEnv, options?: { readOnly?: boolean }): Promise<Host> {
  const user = await userConfig(configFolder(env))
  const host = createHost({ values: { ...shipped, ...user.values, plugins: shipped.plugins }, files: user.files }, env, options)
  const plugins = (shipped.plugins ?? []).filter((plugin): plugin is Plugin => typeof plugin !== 'string')
  const names = new Set(plugins.map((plugin) => plugin.name))
  for (const plugin of plugins) apply(host, plugin, names)
  return host
}

async function userConfig(folder: string): Promise<LoadedConfig> {
  const file = namesIn(folder).find((name) => USER_CONFIG.test(name))
  if (!file) return { values: {}, files: [] }
  const full = path.join(folder, file)
  const loaded: typeof import('cosmiconfig') & { default?: typeof import('cosmiconfig') } = await import('cosmiconfig')
  // Bundled, a CommonJS package has its exports in the default one.
  const { cosmiconfig } = loaded.default ?? loaded
  try {
    const found = await cosmiconfig('ainative').load(full)
    const values: unknown = found?.config ?? {}
    if (typeof values !== 'object' || values === null || Array.isArray(values)) throw new Error('it must hold keys and values')
    return { values: values as Config, files: [full] }
  } catch (error) {
    throw new Problem('config', `cannot read the config ${full}: ${messageOf(error)}`, {
      hint: 'mend the file, or move it away',
      cause: error,
    })
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

function apply(host: Host, plugin: Plugin, names: Set<string>): void {
  const absent = plugin.requires?.find((name) => !names.has(name))
  if (absent) throw new Problem('plugin', `plugin '${plugin.name}' requires plugin '${absent}', which is not loaded`)
  plugin.apply(host, plugin.config && configOf(host, plugin, plugin.config))
}

function configOf(host: Host, plugin: Plugin, config: NonNullable<Plugin['config']>): unknown {
  const at = plugin.configPath ?? plugin.name
  const block = host.block(at)
  if (typeof config === 'function' && Object.keys(block).length === 0) return {}
  const result = (typeof config === 'function' ? config() : config).safeParse(block)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const key = [at, ...(issue?.path ?? [])].join('.')
  throw new Problem('config', `config ${key}: ${issue?.message} (plugin '${plugin.name}')`, {
    hint: 'ainative-code config path names the file',
  })
}
