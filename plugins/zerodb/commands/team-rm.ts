import { defineCommand, flag } from 'ainative-code'
import * as z from 'zod'
import { checkedName } from '../server/names.ts'
import { adminFlags, asAdmin } from './admin.ts'

/** The command `zerodb team rm`. */
export const teamRemove = defineCommand({
  name: 'zerodb team rm',
  summary: 'Remove a team and its shares; the sessions stay with their owners',
  group: 'Sync',
  destructive: true,
  writes: true,
  fields: ['team', 'removed'],
  args: ['name'],
  input: z.object({ name: z.string(), force: flag('Do not ask'), ...adminFlags }),
  examples: ['ainative-code zerodb team rm engineering'],
  async run({ name, force, ...input }, context) {
    checkedName('team', name)
    if (!force && !(await context.ask(`Remove the team ${name} and its shares?`, '--force'))) return { team: name, removed: false }
    return asAdmin(input, context, async (server) => {
      await (await import('../server/teams.ts')).removeTeam(server, name)
      return { team: name, removed: true }
    })
  },
  print: ({ team, removed }) => (removed ? `Removed the team ${team}\n` : 'Nothing was removed\n'),
})
