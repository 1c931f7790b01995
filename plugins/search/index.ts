import { definePlugin, type Host, once, type Watcher } from 'ainative-code'
import { type Access, sqliteHooks } from '../sqlite/index.ts'
import * as commands from './command-index.ts'
import { TABLES } from './schema.ts'

export { fold } from './fold.ts'
export type { FoundMessage, IncrementalSearch } from './incremental-search.ts'

/** Opens a search that runs while the user is typing. */
export const openIncrementalSearch = async (host: Host) => (await import('./incremental-search.ts')).openIncrementalSearch(host)

/** Imported once: every write transaction needs this module. */
const indexWriter = once(() => import('./index-writer.ts'))

/** Rebuilds the search index. */
export const rebuildIndex = async (access: Access, watcher: Watcher) => (await import('./index-check.ts')).rebuildIndex(access, watcher)

/** Adds full-text search in messages and titles. */
export default definePlugin({
  name: 'search',
  requires: ['sqlite'],
  apply(host) {
    const { migrations, watching, committing, imported, holding, checks } = sqliteHooks(host)
    host.hooks.commands.tap('search', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
    host.hooks.functions.tap('search', ({ add }) =>
      add({
        name: 'search',
        summary: 'Messages that contain words: $search("rate limit")',
        signature: '<s:a>',
        prepare: async (watcher) => (await import('./search-messages.ts')).prepareSearch(host, watcher),
        call: async (words) => (await import('./search-messages.ts')).searchMessages(host, words as string),
      }),
    )
    host.hooks.tasks.tap('search', ({ add }) => add({ name: 'search', load: async () => (await import('./search-messages.ts')).findTyped }))
    holding.tapPromise('search', async (words) => (await import('./sessions-with-words.ts')).sessionsWithWords(host, words))
    checks.tap('search', (add) =>
      add({ name: 'search index', find: async (access) => (await import('./index-check.ts')).findIndexProblems(access) }),
    )
    migrations.tap('search', (add) => add({ name: 'search-0001-index', up: TABLES }))
    watching.tapPromise('search', async (connection) => (await indexWriter()).setTriggers(connection))
    committing.tapPromise('search', async (connection) => (await indexWriter()).indexChanges(connection))
    imported.tapPromise('search', async (watcher) => (await import('./update-index.ts')).updateAfterImport(host, watcher))
  },
})
