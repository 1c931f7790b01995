import { defineCommand } from 'ainative-code'
import * as z from 'zod'
import { adminFlags, asAdmin } from './admin.ts'

/** The command `zerodb init`. */
export const init = defineCommand({
  name: 'zerodb init',
  summary: 'Set up or upgrade the database of a sync server',
  group: 'Sync',
  writes: true,
  fields: ['database', 'before', 'version'],
  input: z.object(adminFlags),
  examples: ['ainative-code zerodb init --admin postgresql://postgres@db.example.com/sync'],
  run: async (input, context) =>
    asAdmin(input, context, async (server) => {
      const { migrate } = await import('../server/migrate.ts')
      return { database: server.endpoint.database, ...(await migrate(server)) }
    }),
  print: ({ database, before, version }) =>
    before === version
      ? `The database ${database} is set up already (schema version ${version})\n`
      : `${before === 0 ? 'Set up' : 'Upgraded'} the database ${database} (schema version ${version})\nNext: ainative-code zerodb user add NAME\n`,
})
