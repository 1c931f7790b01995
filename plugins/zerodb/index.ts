import { definePlugin, once } from 'ainative-code'
import { sqliteHooks } from '../sqlite/index.ts'
import * as commands from './command-index.ts'
import { watchWrites } from './sync/auto.ts'
import { isSetUp } from './sync/is-set-up.ts'
import { TABLES } from './sync/schema.ts'

/** Imported once, and not at all in a database without sync. */
const recorder = once(() => import('./sync/record.ts'))

/** Syncs sessions with a PostgreSQL server, and adds the commands of that server. */
export default definePlugin({
  name: 'zerodb',
  requires: ['sqlite', 'keyring'],
  // Checked when the server is used: a mistake must not prevent commands such as session list.
  configPath: 'services.zerodb',
  blockSchema: async () => (await import('./settings.ts')).settingsSchema(),
  apply(host) {
    const { migrations, watching, committing } = sqliteHooks(host)
    host.hooks.commands.tap('zerodb', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
    migrations.tap('zerodb', (add) => add({ name: 'zerodb-0001-sync', up: TABLES }))
    watching.tapPromise('zerodb', async (connection) => {
      if (isSetUp(connection)) (await recorder()).setTriggers(connection)
    })
    const { wrote, asked, ended } = watchWrites(host)
    committing.tapPromise('zerodb', async (connection) => {
      wrote()
      if (isSetUp(connection)) (await recorder()).recordChanges(connection)
    })
    host.hooks.asking.tap('zerodb', (request) => {
      asked()
      return request
    })
    host.hooks.close.tap('zerodb', () => ended())
  },
})
