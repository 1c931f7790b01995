import { definePlugin, type Plugin } from 'ainative-code'
import { defaultModel, list, reply } from './connect.ts'
import { setupOf } from './settings.ts'
import type { Shipped } from './shipped.ts'

/** A plugin that registers one provider. */
export const defineProvider = (shipped: Shipped): Plugin =>
  definePlugin({
    name: shipped.name,
    // Read when the provider is used: a key that is not set is no reason to refuse a list of sessions.
    configPath: `llm.${shipped.name}`,
    blockSchema: () => schemaOf(shipped),
    apply(host) {
      const { name, aliases } = shipped
      host.hooks.providers.tap(name, ({ add }) =>
        add({
          ...{ name, aliases },
          reply: (request, signal) => reply(host, shipped, request, signal),
          defaultModel: (signal) => defaultModel(host, shipped, signal),
          list: (signal) => list(host, shipped, signal),
          setup: () => setupOf(host, shipped),
        }),
      )
    },
  })

/** Adds the version of an API to an address that names only a host. */
export const withVersion = (version: string) => (url: string) => (new URL(url).pathname === '/' ? url + version : url)

/** The schema of a provider's block of the config. */
export const schemaOf = async (shipped: Pick<Shipped, 'fields' | 'baseUrl'>) => (await import('./block.ts')).blockSchema(shipped)
