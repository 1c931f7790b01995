import { definePlugin, type Plugin } from 'ainative-code'
import { connect, providerCalls } from './connect.ts'
import type { ProviderSpec } from './provider-spec.ts'
import { setupOf } from './settings.ts'

/** A plugin that registers one provider. */
export const defineProvider = (spec: ProviderSpec): Plugin =>
  definePlugin({
    name: spec.name,
    // Read when the provider is used: a key that is not set is no reason to refuse a list of sessions.
    configPath: `llm.${spec.name}`,
    blockSchema: () => schemaOf(spec),
    apply(host) {
      const { name, aliases } = spec
      host.hooks.providers.tap(name, ({ add }) =>
        add({
          ...{ name, aliases, addressKey: `llm.${name}.${spec.baseUrl.key ?? 'base_url'}` },
          ...providerCalls(() => connect(host, spec)),
          setup: () => setupOf(host, spec),
          explain: async (error, code) => (await spec.load()).api.explain?.(error, code),
          async connect() {
            const connection = await connect(host, spec)
            return { name, ...providerCalls(async () => connection) }
          },
        }),
      )
    },
  })

/** Adds the version of an API to an address that names only a host. */
export const withVersion = (version: string) => (url: string) => (new URL(url).pathname === '/' ? url + version : url)

/** The schema of a provider's block of the config. */
export const schemaOf = async (spec: Pick<ProviderSpec, 'fields' | 'baseUrl'>) => (await import('./block.ts')).blockSchema(spec)
