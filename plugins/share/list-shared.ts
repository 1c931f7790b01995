import { type Context, isoTime, rowTime } from 'ainative-code'
import type { SharedRow } from '../sessions/index.ts'
import { atServer } from './at-server.ts'
import { readList } from './server-rows.ts'
import { sharedSession } from './shared-session.ts'
import { timeOf } from './shares.ts'

/** Lists the sessions that are shared with a team of the user, or with any. */
export async function listShared(team: string | undefined, context: Context): Promise<SharedRow[]> {
  const rows: SharedRow[] = []
  for (const row of await atServer(context, readList)) {
    if (team !== undefined && row.team !== team) continue
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
