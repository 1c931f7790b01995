import { definePlugin, type Plugin } from 'ainative-code'
import { connect, providerCalls } from './connect.ts'
import type { ProviderSpec } from './provider-spec.ts'
import { setupOf } from './settings.ts'

/** Creates a plugin that registers one provider. */
export const defineProvider = (spec: ProviderSpec): Plugin =>
  definePlugin({
    name: spec.name,
    // The block is checked when the provider is used, so that a mistake does not prevent commands such as session list.
    configPath: `llm.${spec.name}`,
    blockSchema: () => schemaOf(spec),
    apply(host) {
      const { name, aliases } = spec
      host.hooks.providers.tap(name, ({ add }) =>
        add({
          ...{ name, aliases },
          ...providerCalls(() => connect(host, spec)),
          setup: () => setupOf(host, spec),
          explain: async (error, code) => (await spec.load()).api.explain?.(error, code),
          async forRequest() {
            const connection = await connect(host, spec)
            return { name, ...providerCalls(async () => connection) }
          },
        }),
      )
    },
  })

/** Returns a function that adds the version of an API to an address with only a host. */
export const withVersion = (version: string) => (url: string) => (new URL(url).pathname === '/' ? url + version : url)

/** The schema of a provider's block of the config. */
export const schemaOf = async (spec: Pick<ProviderSpec, 'fields' | 'baseUrl'>) => (await import('./block.ts')).blockSchema(spec)
