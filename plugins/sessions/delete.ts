import { type Context, defineCommand, isoTime, type Json, oneLine, plural, Selection, sessionRow } from 'ainative-code'
import * as z from 'zod'
import { findRemovalTargets, removalFlags } from './removal-targets.ts'

/** The sessions that a dry run lists, or the ids of the deleted sessions. */
export type Deletion = { sessions: Json[]; dry_run: true } | { sessions?: undefined; deleted: string[] }

/** The command `session delete`. */
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
  async run(input, context): Promise<Deletion> {
    const ids = await findRemovalTargets(context, 'session delete', 'Delete', input)
    if (input.dryRun) return { dry_run: true, sessions: await rowsOf(context, ids) }
    // The store changes all sessions in one statement if all have the same time.
    const deleted_at = isoTime(Date.now())
    await (await context.host.store()).save(ids.map((id) => ({ id, set: { deleted_at } })))
    return { deleted: ids }
  },
  print: (data: Deletion) => {
    if (data.sessions) return `${titleLines(data.sessions)}${plural(data.sessions.length, 'session')} would move to the trash\n`
    if (data.deleted.length === 1) return `Deleted ${data.deleted[0]} (session restore brings it back)\n`
    return `Deleted ${plural(data.deleted.length, 'session')}${data.deleted.length ? ' (session restore brings them back)' : ''}\n`
  },
})

/** Reads the rows of sessions for a dry run; skips ids without a session. */
export async function rowsOf({ host }: Context, ids: string[]): Promise<Json[]> {
  const store = await host.store()
  const rows: Json[] = []
  for (const id of ids) {
    const session = await store.get(id)
    if (session) rows.push(sessionRow(session))
  }
  return rows
}

/** One line per session, with its id and title. */
export const titleLines = (rows: Json[]) => rows.map((row) => `${row.id} ${oneLine(String(row.title))}\n`).join('')
