import type { Host, LoadedPlugin, Plugin } from '../contract/host.ts'
import { Problem } from '../kernel/problem.ts'
import { asPlugin } from '../kernel/running-plugin.ts'
import { isMode, isSecretName, maskedPath, withoutKeys } from '../output/secret-names.ts'

/** Checks the required plugins and the config block of a plugin, then calls its `apply`. Returns the result of `apply`. */
export function applyPlugin(host: Host, plugin: Plugin, record: LoadedPlugin): unknown {
  const names = new Set(host.plugins.filter(({ problem }) => problem === undefined).map(({ name }) => name))
  const missing = plugin.requires?.find((name) => !names.has(name))
  if (missing) throw new Problem('plugin', `plugin '${plugin.name}' requires plugin '${missing}', which is not loaded`)
  const config = plugin.config && configOf(host, plugin, plugin.config)
  return asPlugin(record, () => plugin.apply(host, config))
}

/** Validates the plugin's block of the config. */
function configOf(host: Host, plugin: Plugin, config: NonNullable<Plugin['config']>): unknown {
  const at = plugin.configPath ?? plugin.name
  const block = host.block(at)
  if (typeof config === 'function' && Object.keys(block).length === 0) return {}
  // Built-in plugins import their own zod: host.z would load a second copy.
  const schema = typeof config !== 'function' ? config : config(config.length > 0 ? host.z : (undefined as never))
  const result = schema.safeParse(block)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const key = [at, ...(issue?.path ?? [])].join('.')
  const file = host.fileOf(key) ?? host.fileOf(at)
  const place = [at, maskedPath(issue?.path ?? [])].filter(Boolean).join('.')
  throw new Problem(
    'config',
    `config ${place}: ${withoutSecrets(issue?.message ?? '', block, host, at)} (plugin '${plugin.name}'${file ? `, ${file}` : ''})`,
    {
      hint: 'ainative-code config path names the file',
    },
  )
}

/** Masks the secrets of a block in a schema's message, because the message can quote a value. */
function withoutSecrets(message: string, block: unknown, { env, config }: Host, at: string): string {
  const [root = ''] = at.split('.')
  const names = [...JSON.stringify(config.values[root] ?? null).matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => env[name])
  const secrets = [...names, ...secretsIn(block)]
  return withoutKeys(secrets.reduce<string>((text, secret) => (secret ? text.replaceAll(secret, '***') : text), message))
}

/** Returns all strings below keys with secret names. */
function secretsIn(value: unknown, secret = false): string[] {
  if (typeof value === 'string') return secret ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => secretsIn(each, secret || (isSecretName(name) && !isMode(name, each))))
}
