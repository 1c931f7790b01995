import { definePlugin } from 'ainative-code'
import * as z from 'zod'

export { type Migration, sqliteHooks } from './hooks.ts'
export { databasePath } from './path.ts'

/** The store in a local SQLite file. */
export default definePlugin({
  name: 'sqlite',
  configPath: 'storage',
  config: () => z.object({ path: z.string('expected a path').min(1, 'a path cannot be empty').optional() }),
  apply(host) {
    host.hooks.store.tapPromise('sqlite', async () => {
      const { openStore } = await import('./store.ts')
      return openStore(host)
    })
  },
})
