import type { Host } from './host.ts'
import { asPlugin, type LoadedPlugin } from './owner.ts'
import type { Plugin } from './plugin.ts'
import { Problem } from './problem.ts'

/** Checks what a plugin requires and its block of the config, and lets it tap. */
export function applyPlugin(host: Host, plugin: Plugin, record: LoadedPlugin): unknown {
  const names = new Set(host.plugins.filter(({ problem }) => problem === undefined).map(({ name }) => name))
  const absent = plugin.requires?.find((name) => !names.has(name))
  if (absent) throw new Problem('plugin', `plugin '${plugin.name}' requires plugin '${absent}', which is not loaded`)
  const config = plugin.config && configOf(host, plugin, plugin.config)
  return asPlugin(record, () => plugin.apply(host, config))
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
