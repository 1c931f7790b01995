import { defineCommand, flag } from 'ainative-code'
import * as z from 'zod'
import { checkedName } from '../server/names.ts'
import { adminFlags, asAdmin } from './admin.ts'

/** The command `zerodb user rm`. */
export const userRemove = defineCommand({
  name: 'zerodb user rm',
  summary: 'Remove a user and its sessions from the server',
  group: 'Sync',
  destructive: true,
  writes: true,
  fields: ['user', 'removed'],
  args: ['name'],
  input: z.object({ name: z.string(), force: flag('Do not ask'), ...adminFlags }),
  examples: ['ainative-code zerodb user rm alice'],
  async run({ name, force, ...input }, context) {
    checkedName('user', name)
    if (!force && !(await context.ask(`Remove ${name} and all sessions of ${name} from the server?`, '--force')))
      return { user: name, removed: false }
    return asAdmin(input, context, async (server) => {
      const { removeUser } = await import('../server/users.ts')
      await removeUser(server, name)
      return { user: name, removed: true }
    })
  },
  print: ({ user, removed }) => (removed ? `Removed ${user} and its sessions from the server\n` : 'Nothing was removed\n'),
})
