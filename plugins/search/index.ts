import { definePlugin, type Host, once, type Watcher } from 'ainative-code'
import { type Access, sqliteHooks } from '../sqlite/index.ts'
import * as commands from './command-index.ts'
import { TABLES } from './schema.ts'

export type { Finder, FoundMessage } from './finder.ts'
export { fold } from './fold.ts'

/** For what searches while somebody types. */
export const openFinder = async (host: Host) => (await import('./finder.ts')).openFinder(host)

/** Loaded once, since every write asks for it. */
const keeper = once(() => import('./keep.ts'))

/** Makes the index anew. */
export const remakeIndex = async (access: Access, watcher: Watcher) => (await import('./health.ts')).remakeIndex(access, watcher)

/** Full-text search over messages and titles. */
export default definePlugin({
  name: 'search',
  requires: ['sqlite'],
  apply(host) {
    const { migrations, watching, committing, imported, holding, checks } = sqliteHooks(host)
    host.hooks.commands.tap('search', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
    host.hooks.functions.tap('search', ({ add }) =>
      add({
        name: 'search',
        summary: 'Messages that hold words: $search("rate limit")',
        signature: '<s:a>',
        prepare: async (watcher) => (await import('./messages.ts')).prepareSearch(host, watcher),
        call: async (words) => (await import('./messages.ts')).searchMessages(host, words as string),
      }),
    )
    host.hooks.tasks.tap('search', ({ add }) => add({ name: 'search', load: async () => (await import('./messages.ts')).findTyped }))
    holding.tapPromise('search', async (words) => (await import('./holding.ts')).sessionsHolding(host, words))
    checks.tap('search', (add) => add({ name: 'search index', find: async (access) => (await import('./health.ts')).findFaults(access) }))
    migrations.tap('search', (add) => add({ name: 'search-0001-index', up: TABLES }))
    watching.tapPromise('search', async (connection) => (await keeper()).watch(connection))
    committing.tapPromise('search', async (connection) => (await keeper()).keepUp(connection))
    imported.tapPromise('search', async (watcher) => (await import('./update.ts')).afterImport(host, watcher))
  },
})
