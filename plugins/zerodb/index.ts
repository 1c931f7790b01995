import { definePlugin, once } from 'ainative-code'
import { sqliteHooks } from '../sqlite/index.ts'
import * as commands from './command-index.ts'
import { isEnabled, watchWrites } from './sync/auto.ts'
import { warnOfFailure } from './sync/failure.ts'
import { isSetUp } from './sync/is-set-up.ts'
import { MIGRATIONS } from './sync/schema.ts'

export type { Server } from './server/connect.ts'

/** Imports the functions with which other plugins use the server. */
export const serverClient = () => import('./client.ts')

/** Imports record.ts at its first use. A database without sync does not need record.ts. */
const recorder = once(() => import('./sync/record.ts'))

/** Syncs sessions with a PostgreSQL server, and adds the commands of that server. */
export default definePlugin({
  name: 'zerodb',
  requires: ['sqlite', 'auth', 'keyring'],
  // The settings are checked when the server is used: a mistake must not prevent commands such as session list.
  configPath: 'services.zerodb',
  blockSchema: async () => (await import('./settings.ts')).settingsSchema(),
  apply(host) {
    const { migrations, watching, committing, restoring } = sqliteHooks(host)
    host.hooks.commands.tap('zerodb', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
    migrations.tap('zerodb', (add) => MIGRATIONS.forEach(add))
    watching.tapPromise('zerodb', async (connection) => {
      if (isSetUp(connection)) (await import('./sync/triggers.ts')).setTriggers(connection)
    })
    const { onWrite, onRequest, onClose } = watchWrites(host)
    committing.tapPromise('zerodb', async (connection) => {
      onWrite()
      if (isSetUp(connection)) (await recorder()).recordChanges(connection)
    })
    restoring.tapPromise('zerodb', async (backup) => (await import('./sync/set-up.ts')).forgetPlace(backup))
    host.hooks.asking.tap('zerodb', (request) => {
      onRequest()
      return request
    })
    host.hooks.warnings.tap('zerodb', (warn, command) => isEnabled(host) && warnOfFailure(host, warn, command))
    host.hooks.missing.tapPromise('zerodb', async (id, context) => {
      if (!isEnabled(host) || host.onlyShipped) return undefined
      return (await import('./sync/find-missing.ts')).findMissing(host, id, context)
    })
    host.hooks.close.tap('zerodb', () => onClose())
  },
})
