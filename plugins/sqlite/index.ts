import { definePlugin } from 'ainative-code'
import * as z from 'zod'
import * as commands from './command-index.ts'
import { sqliteHooks } from './hooks.ts'
import type { LockOptions } from './process-lock.ts'

export { type Access, accessTo } from './access.ts'
export type { Connection } from './connection.ts'
export { databasePath } from './database-path.ts'
export { type Check, type Finding, type Migration, sqliteHooks } from './hooks.ts'
export { resolveWords } from './resolve-words.ts'
export { fromMessageValues, fromSessionRow, MESSAGE_COLUMNS, type MessageValues, messageValues, toSessionRow } from './rows.ts'
export { readText, type StoredText, storeText } from './schema.ts'
export { yieldToEvents } from './yield.ts'

/** Runs `work` with the lock of an empty SQLite file, so that no other process runs it at the same time; undefined if the lock stays taken. */
export const withProcessLock = async <T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T | undefined> =>
  (await import('./process-lock.ts')).withProcessLock(file, options, work)

/** Stores sessions in a local SQLite file. */
export default definePlugin({
  name: 'sqlite',
  configPath: 'storage',
  config: () => z.object({ path: z.string('expected a path').min(1, 'a path cannot be empty').optional() }),
  apply(host) {
    host.hooks.commands.tap('sqlite', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
    sqliteHooks(host).checks.tap('sqlite', (add) => {
      for (const name of ['database', 'counters', 'permissions'] as const)
        add({ name, find: async (access) => (await import('./checks.ts')).databaseChecks[name](access) })
    })
    host.hooks.store.tapPromise('sqlite', async () => {
      const { openStore } = await import('./store.ts')
      return openStore(host)
    })
  },
})
