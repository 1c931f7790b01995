import { defineCommand, type Json, plural, Selection } from 'ainative-code'
import * as z from 'zod'
import { rowsOf, titleLines } from './delete.ts'
import { findRemovalTargets, removalFlags } from './removal-targets.ts'

/** The command `session purge`. */
export const purge = defineCommand({
  name: 'session purge',
  summary: 'Permanently remove sessions from the trash',
  group: 'Sessions',
  destructive: true,
  argvAliases: ['sessions purge'],
  writes: true,
  fields: ['purged', 'sessions', 'dry_run'],
  args: ['ids'],
  input: Selection().extend({ ids: z.array(z.string()).default([]).meta({ value: 'id', complete: 'trashed' }), ...removalFlags }),
  examples: ['ainative-code session purge --older-than 30d', 'ainative-code session purge --all --confirm'],
  async run(input, context): Promise<{ sessions: Json[]; dry_run: true } | { sessions?: undefined; purged: string[] }> {
    const ids = await findRemovalTargets(context, 'session purge', 'Permanently remove', input, 'trash')
    if (input.dryRun) return { dry_run: true, sessions: await rowsOf(context, ids) }
    await (await context.host.store()).save(ids.map((id) => ({ id, remove: true })))
    return { purged: ids }
  },
  print: (data) => {
    if (data.sessions) return `${titleLines(data.sessions)}${plural(data.sessions.length, 'session')} would be permanently removed\n`
    return `Permanently removed ${data.purged.length === 1 ? data.purged[0] : plural(data.purged.length, 'session')}\n`
  },
})
