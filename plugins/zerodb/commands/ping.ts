import { defineCommand, oneLine } from 'ainative-code'
import * as z from 'zod'
import type { Ping } from '../server/ping.ts'
import { insecureFlag } from './admin.ts'

/** The command `zerodb ping`. */
export const pingServer = defineCommand({
  name: 'zerodb ping',
  summary: 'Test the connection to the sync server',
  group: 'Sync',
  writes: false,
  input: z.object(insecureFlag),
  examples: ['ainative-code zerodb ping', 'ainative-code zerodb ping --json'],
  async run({ allowInsecure }, { host, signal, note }) {
    const { connect } = await import('../server/connect.ts')
    const server = await connect(host, { allowInsecure, signal, note: (text) => note(`warning: ${text}`) })
    try {
      return await (await import('../server/ping.ts')).ping(server)
    } finally {
      await server.close()
    }
  },
  print: (ping) =>
    rowsOf(ping)
      .map(([name, value]) => `${name.padEnd(11)} ${oneLine(value)}\n`)
      .join(''),
})

const rowsOf = (ping: Ping): [string, string][] => [
  ['endpoint', ping.endpoint],
  ['server', `PostgreSQL ${ping.server_version}`],
  ['tls', ping.tls === null ? 'none' : `${ping.tls}, ${ping.tls_verified ? 'verified' : 'not verified'}`],
  ['user', ping.user],
  ['schema', `version ${ping.schema_version}`],
  ['sees', seenBy(ping)],
  ['round trip', `${ping.round_trip_ms} ms`],
  ['clock', clockText(ping.clock_difference_ms)],
]

function seenBy({ sees, power, teams, other_users }: Ping): string {
  if (sees === 'own') return `its own sessions${teams.length > 0 ? `, and those shared with ${teams.join(', ')}` : ''}`
  const refused = other_users > 0 ? `; cannot sync, because the server has ${other_users} more ${other_users === 1 ? 'user' : 'users'}` : ''
  return `the sessions of all users (${power})${refused}`
}

const clockText = (ms: number) =>
  Math.abs(ms) < 2 ? 'in step with the server' : `the server is ${Math.abs(ms)} ms ${ms > 0 ? 'ahead' : 'behind'}`
