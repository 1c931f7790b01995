import { defineCommand, localTime, table } from 'ainative-code'
import * as z from 'zod'
import type { Share } from '../shares.ts'
import { withServer } from '../with-server.ts'
import { findShares } from './targets.ts'

/** The command `session shares`. */
export const shares = defineCommand({
  name: 'session shares',
  summary: 'List the shares of a session',
  group: 'Sync',
  argvAliases: ['sessions shares'],
  writes: false,
  args: ['id'],
  input: z.object({ id: z.string().describe('Session, or shared id').meta({ complete: 'id' }) }),
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['id', 'session', 'team', 'created_at', 'expires_at', 'active', 'readers'],
  examples: ['ainative-code session shares abc123def456'],
  async run({ id }, context) {
    const rows = await withServer(context, (server) => findShares(id, server, context))
    if (rows.length === 0) context.note('no share')
    return rows
  },
  print: (rows, view) =>
    table(
      rows,
      [
        { title: 'ID', value: ({ id }) => id },
        { title: 'SESSION', value: ({ session }) => session, drop: 1 },
        { title: 'TEAM', value: ({ team }) => team, flexible: true },
        { title: 'SHARED', value: ({ created_at }) => created_at && localTime(created_at), drop: 2 },
        { title: 'END', value: endOf },
        { title: 'READERS', value: readersOf, flexible: true, drop: 3 },
      ],
      view,
    ),
})

/** Returns the end of a share, or the reason why nobody can read the session now. */
function endOf({ expires_at, active }: Share): string {
  const end = expires_at === null ? 'none' : localTime(expires_at)
  return active ? end : expires_at === null ? 'you left the team' : `${end}, inactive`
}

/** Returns the names of the members who have the key of the session. Without encryption, no key is needed. */
const readersOf = ({ readers }: Share) => (readers === null ? 'the team' : readers.length === 0 ? 'nobody yet' : readers.join(', '))
