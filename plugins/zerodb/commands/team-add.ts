import { defineCommand } from 'ainative-code'
import * as z from 'zod'
import { checkedName } from '../server/names.ts'
import { adminFlags, asAdmin } from './admin.ts'

/** The command `zerodb team add`. */
export const teamAdd = defineCommand({
  name: 'zerodb team add',
  summary: 'Add a team to the server',
  group: 'Sync',
  writes: true,
  fields: ['team'],
  args: ['name'],
  input: z.object({ name: z.string(), ...adminFlags }),
  examples: ['ainative-code zerodb team add engineering'],
  async run({ name, ...input }, context) {
    checkedName('team', name)
    return asAdmin(input, context, async (server) => {
      await (await import('../server/teams.ts')).addTeam(server, name)
      return { team: name }
    })
  },
  print: ({ team }) => `Added the team ${team}\nNext: ainative-code zerodb team join ${team} USER\n`,
})
