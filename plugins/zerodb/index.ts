import { definePlugin, once } from 'ainative-code'
import { sqliteHooks } from '../sqlite/index.ts'
import * as commands from './command-index.ts'
import { TABLES } from './sync/schema.ts'

/** Imported once: every write transaction needs this module. */
const recorder = once(() => import('./sync/record.ts'))

/** Syncs sessions with a PostgreSQL server. */
export default definePlugin({
  name: 'zerodb',
  requires: ['sqlite'],
  apply(host) {
    const { migrations, watching, committing } = sqliteHooks(host)
    host.hooks.commands.tap('zerodb', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
    migrations.tap('zerodb', (add) => add({ name: 'zerodb-0001-sync', up: TABLES }))
    watching.tapPromise('zerodb', async (connection) => (await recorder()).setTriggers(connection))
    committing.tapPromise('zerodb', async (connection) => (await recorder()).recordChanges(connection))
  },
})
