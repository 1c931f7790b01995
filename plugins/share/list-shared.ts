import { type Context, isoTime, Problem, rowTime } from 'ainative-code'
import type { SharedRow } from '../sessions/index.ts'
import type { Server } from '../zerodb/index.ts'
import { openFields } from './open-rows.ts'
import { readList, type SessionRow } from './server-rows.ts'
import { sharedSession } from './shared-session.ts'
import { timeOf } from './shares.ts'
import { withServer } from './with-server.ts'

/** Lists the sessions that are shared with one team of the user, or with any team of the user. */
export async function listShared(team: string | undefined, context: Context): Promise<SharedRow[]> {
  const rows: SharedRow[] = []
  for (const row of await withServer(context, (server) => openList(server, team, context))) {
    const session = await sharedSession(row)
    if (!session) continue
    const { id, title, status, provider, model, tags, message_count, created_at, updated_at } = session
    const own = { id, title, owner: row.owner, team: row.team, status, provider, model, tags, message_count }
    const shared_at = rowTime(timeOf(row.created_at) ?? isoTime(0))
    const times = { shared_at, created_at: rowTime(created_at), updated_at: rowTime(updated_at) }
    const expires_at = timeOf(row.expires_at)
    rows.push({ ...own, ...times, expires_at: expires_at && rowTime(expires_at) })
  }
  return rows
}

/** Reads and decrypts the list. A session that cannot be decrypted gets the title `(encrypted)`, and no other fields. */
async function openList(server: Server, team: string | undefined, context: Context): Promise<SessionRow[]> {
  const rows: SessionRow[] = []
  const notes = new Set<string>()
  for (const row of await readList(server)) {
    if (team !== undefined && row.team !== team) continue
    try {
      rows.push(await openFields(server, row, context))
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'key') throw error
      notes.add(`warning: ${error.message}\nhint: ${error.hint}`)
      rows.push({ ...row, registers: { title: { v: '"(encrypted)"', h: '' } } })
    }
  }
  for (const note of notes) context.note(note)
  return rows
}
