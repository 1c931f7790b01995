import { defineCommand, table } from 'ainative-code'
import * as z from 'zod'
import { adminFlags, asAdmin } from './admin.ts'

/** The command `zerodb user list`. */
export const userList = defineCommand({
  name: 'zerodb user list',
  summary: 'List the users of the server',
  group: 'Sync',
  writes: false,
  input: z.object(adminFlags),
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['name', 'teams'],
  run: (input, context) => asAdmin(input, context, async (server) => (await import('../server/users.ts')).listUsers(server)),
  print: (rows, view) =>
    table(
      rows,
      [
        { title: 'USER', value: ({ name }) => name },
        { title: 'TEAMS', value: ({ teams }) => teams.join(' '), flexible: true },
      ],
      view,
    ),
})
