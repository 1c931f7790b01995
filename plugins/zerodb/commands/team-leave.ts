import { defineCommand } from 'ainative-code'
import * as z from 'zod'
import { checkedName } from '../server/names.ts'
import { adminFlags, asAdmin } from './admin.ts'

/** The command `zerodb team leave`. */
export const teamLeave = defineCommand({
  name: 'zerodb team leave',
  summary: 'Remove a user from a team, with immediate effect',
  group: 'Sync',
  writes: true,
  fields: ['team', 'user', 'changed'],
  args: ['team', 'user'],
  input: z.object({ team: z.string(), user: z.string(), ...adminFlags }),
  examples: ['ainative-code zerodb team leave engineering alice'],
  async run({ team, user, ...input }, context) {
    checkedName('team', team)
    checkedName('user', user)
    return asAdmin(input, context, async (server) => {
      const { leaveTeam } = await import('../server/teams.ts')
      return { team, user, changed: await leaveTeam(server, team, user) }
    })
  },
  print: ({ team, user, changed }) => `${user} is ${changed ? 'no longer a' : 'not a'} member of ${team}\n`,
})
