import { defineCommand } from 'ainative-code'
import * as z from 'zod'
import { checkedName } from '../server/names.ts'
import { adminFlags, asAdmin } from './admin.ts'

/** The command `zerodb team join`. */
export const teamJoin = defineCommand({
  name: 'zerodb team join',
  summary: 'Add a user to a team',
  group: 'Sync',
  writes: true,
  fields: ['team', 'user', 'changed'],
  args: ['team', 'user'],
  input: z.object({ team: z.string(), user: z.string(), ...adminFlags }),
  examples: ['ainative-code zerodb team join engineering alice'],
  async run({ team, user, ...input }, context) {
    checkedName('team', team)
    checkedName('user', user)
    return asAdmin(input, context, async (server) => {
      const { joinTeam } = await import('../server/teams.ts')
      return { team, user, changed: await joinTeam(server, team, user) }
    })
  },
  print: ({ team, user, changed }) => `${user} is ${changed ? 'now' : 'already'} a member of ${team}\n`,
})
