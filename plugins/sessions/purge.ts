import { defineCommand, type Json, Selection } from 'ainative-code'
import * as z from 'zod'
import { removalFlags, removalTargets } from './confirm.ts'
import { rowsOf, wouldGo } from './delete.ts'
import { plural } from './targets.ts'

export const purge = defineCommand({
  name: 'session purge',
  summary: 'Remove sessions in the trash for good',
  group: 'Sessions',
  destructive: true,
  argvAliases: ['sessions purge'],
  writes: true,
  fields: ['purged', 'sessions', 'dry_run'],
  args: ['ids'],
  input: Selection().extend({ ids: z.array(z.string()).default([]).meta({ value: 'id', complete: 'trashed' }), ...removalFlags }),
  examples: ['ainative-code session purge --older-than 30d', 'ainative-code session purge --all --confirm'],
  async run(given, context): Promise<{ sessions: Json[]; dry_run: true } | { sessions?: undefined; purged: string[] }> {
    const ids = await removalTargets(context, 'session purge', 'Remove for good', given, 'trash')
    if (given.dryRun) return { dry_run: true, sessions: await rowsOf(context, ids) }
    await (await context.host.store()).save(ids.map((id) => ({ id, remove: true })))
    return { purged: ids }
  },
  print: (data) => {
    if (data.sessions) return `${wouldGo(data.sessions)}${plural(data.sessions.length)} would be removed for good\n`
    return `Removed ${data.purged.length === 1 ? data.purged[0] : plural(data.purged.length)} for good\n`
  },
})
