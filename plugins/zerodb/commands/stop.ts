import { defineCommand, oneLine } from 'ainative-code'
import * as z from 'zod'
import { dataFlag } from './start.ts'

/** The command `zerodb stop`. */
export const stop = defineCommand({
  name: 'zerodb stop',
  summary: 'Stop the sync server of this machine',
  group: 'Sync',
  writes: true,
  fields: ['data', 'stopped'],
  input: z.object(dataFlag),
  examples: ['ainative-code zerodb stop'],
  run: async ({ data }, context) => (await import('../server/local-server.ts')).stopServer(context, data),
  print: ({ data, stopped }) => `${stopped ? 'Stopped the server' : 'The server is not running'} (${oneLine(data)})\n`,
})
