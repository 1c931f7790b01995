import { defineCommand, Problem } from 'ainative-code'
import * as z from 'zod'
import { renewKeys } from '../keys.ts'
import { removeShares } from '../shares.ts'
import { withServer } from '../with-server.ts'
import { findShares } from './targets.ts'

/** The command `session unshare`. */
export const unshare = defineCommand({
  name: 'session unshare',
  summary: 'End the shares of a session',
  group: 'Sync',
  argvAliases: ['sessions unshare'],
  writes: true,
  fields: ['removed'],
  args: ['id'],
  input: z.object({
    id: z.string().describe('Session, or shared id').meta({ complete: 'id' }),
    team: z.string().optional().describe('End only the share with this team').meta({ value: 'name' }),
  }),
  examples: ['ainative-code session unshare abc123def456 --team engineering'],
  async run({ id: word, team }, context) {
    return withServer(context, async (server) => {
      const shares = (await findShares(word, server, context)).filter((each) => team === undefined || each.team === team)
      if (shares.length === 0)
        throw new Problem('not-shared', `you do not share ${JSON.stringify(word)}${team === undefined ? '' : ` with a team ${team}`}`, {
          hint: 'ainative-code session list --shared',
        })
      await removeShares(
        server,
        shares.map(({ id }) => id),
      )
      await renewKeys(context, server, shares)
      return { removed: shares.map(({ id, session, team }) => ({ id, session, team })) }
    })
  },
  print: ({ removed }) => removed.map(({ id, session, team }) => `${team} can no longer read ${session} (${id})\n`).join(''),
})
