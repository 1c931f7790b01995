import { defineCommand } from 'ainative-code'
import * as z from 'zod'
import { checkedName } from '../server/names.ts'
import { adminFlags, asAdmin } from './admin.ts'

/** The command `zerodb team add`. */
export const teamAdd = defineCommand({
  name: 'zerodb team add',
  summary: 'Add a team to the server, with these users',
  group: 'Sync',
  writes: true,
  fields: ['team', 'members'],
  args: ['name', 'users'],
  input: z.object({ name: z.string(), users: z.array(z.string()).default([]), ...adminFlags }),
  examples: ['ainative-code zerodb team add engineering', 'ainative-code zerodb team add engineering alice bob'],
  async run({ name, users, ...input }, context) {
    checkedName('team', name)
    const members = [...new Set(users)]
    for (const user of members) checkedName('user', user)
    return asAdmin(input, context, async (server) => {
      await (await import('../server/teams.ts')).addTeam(server, name, members)
      return { team: name, members }
    })
  },
  print: ({ team, members }) =>
    members.length > 0
      ? `Added the team ${team} with ${members.join(', ')}\n`
      : `Added the team ${team}\nNext: ainative-code zerodb team join ${team} USER\n`,
})
