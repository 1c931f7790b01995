import { defineCommand, oneLine, quoteWord } from 'ainative-code'
import * as z from 'zod'
import type { StartedServer } from '../server/local-server.ts'

/** The flag of the folder of a local server. */
export const dataFlag = {
  data: z.string().min(1, 'expected a folder').optional().describe('Folder of the server').meta({ value: 'folder', complete: 'folder' }),
}

/** The command `zerodb start`. */
export const start = defineCommand({
  name: 'zerodb start',
  summary: 'Start a sync server on this machine; create it first if needed',
  group: 'Sync',
  writes: true,
  fields: ['data', 'endpoint', 'user', 'running', 'admin'],
  input: z.object(dataFlag),
  examples: ['ainative-code zerodb start', 'ainative-code zerodb start --data ~/zerodb'],
  run: async ({ data }, context) => (await import('../server/local-server.ts')).startServer(context, data),
  print: (started) =>
    `${stateText(started)}\n${endpointText(started)}Admin commands: export AINATIVE_ZERODB_ADMIN="$(cat ${quoteWord(oneLine(started.admin))})"\n`,
})

const stateText = ({ running, data }: StartedServer) =>
  `${running ? 'The server is already running' : 'Started the server'} (${oneLine(data)})`

const endpointText = ({ user, endpoint }: StartedServer) =>
  user === undefined
    ? `Address: ${endpoint}\n`
    : `Added the user ${user}. The endpoint contains the password, and is shown only now:\n${endpoint}\n` +
      `Next: echo '${endpoint}' | ainative-code config set services.zerodb.endpoint --stdin\n`
