import { defineCommand, table } from 'ainative-code'
import * as z from 'zod'
import { adminFlags, asAdmin } from './admin.ts'

/** The command `zerodb team list`. */
export const teamList = defineCommand({
  name: 'zerodb team list',
  summary: 'List the teams of the server and their members',
  group: 'Sync',
  writes: false,
  input: z.object(adminFlags),
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['name', 'members'],
  run: (input, context) => asAdmin(input, context, async (server) => (await import('../server/teams.ts')).listTeams(server)),
  print: (rows, view) =>
    table(
      rows,
      [
        { title: 'TEAM', value: ({ name }) => name },
        { title: 'MEMBERS', value: ({ members }) => members.join(' '), flexible: true },
      ],
      view,
    ),
})
