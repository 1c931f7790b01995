import { type Context, defineCommand, isoTime, type Json, oneLine, Selection, sessionRow } from 'ainative-code'
import * as z from 'zod'
import { removalFlags, removalTargets } from './confirm.ts'
import { plural } from './targets.ts'

/** What a removal did, or would do. */
export type Removed = { sessions: Json[]; dry_run: true } | { sessions?: undefined; deleted: string[] }

export const remove = defineCommand({
  name: 'session delete',
  summary: 'Move sessions to the trash',
  group: 'Sessions',
  destructive: true,
  aliases: ['session rm', 'rm'],
  argvAliases: ['sessions delete', 'sessions rm'],
  writes: true,
  fields: ['deleted', 'sessions', 'dry_run'],
  args: ['ids'],
  input: Selection().extend({ ids: z.array(z.string()).default([]).meta({ value: 'id' }), ...removalFlags }),
  examples: ['ainative-code session delete abc123def456', 'ainative-code session delete --older-than 90d --confirm'],
  async run(given, context): Promise<Removed> {
    const ids = await removalTargets(context, 'session delete', 'Delete', given)
    if (given.dryRun) return { dry_run: true, sessions: await rowsOf(context, ids) }
    // One time for all, so that the store can change them together.
    const deleted_at = isoTime(Date.now())
    await (await context.host.store()).save(ids.map((id) => ({ id, set: { deleted_at } })))
    return { deleted: ids }
  },
  print: (data: Removed) => {
    if (data.sessions) return `${wouldGo(data.sessions)}${plural(data.sessions.length)} would go to the trash\n`
    if (data.deleted.length === 1) return `Deleted ${data.deleted[0]} (session restore brings it back)\n`
    return `Deleted ${plural(data.deleted.length)}${data.deleted.length ? ' (session restore brings them back)' : ''}\n`
  },
})

/** The rows of these sessions, for a dry run. */
export async function rowsOf({ host }: Context, ids: string[]): Promise<Json[]> {
  const store = await host.store()
  const rows: Json[] = []
  for (const id of ids) {
    const session = await store.get(id)
    if (session) rows.push(sessionRow(session))
  }
  return rows
}

export const wouldGo = (rows: Json[]) => rows.map((row) => `${row.id} ${oneLine(String(row.title))}\n`).join('')
