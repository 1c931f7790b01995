import { isoTime, Problem } from 'ainative-code'
import { sql } from 'kysely'
import { type Server, serverClient } from '../zerodb/index.ts'

/** A share of the user. Times are ISO 8601 UTC. */
export interface Share {
  id: string
  session: string
  team: string
  created_at: string | null
  /** Null for a share without an end. */
  expires_at: string | null
  /** False once the share expired, or its owner left the team. */
  active: boolean
  /** The names of the members for whom the key of the session is sealed; null without encryption. */
  readers: string[] | null
}

/** Formats a time of the server; null for a time such as `infinity`, which another program can write. */
export const timeOf = (value: unknown): string | null =>
  value instanceof Date && Number.isFinite(value.getTime()) ? isoTime(value.getTime()) : null

/** SQL for the columns of a share; `s` is the table. */
const COLUMNS = sql<Row>`s.id, s.session, s.team, s.created_at, s.expires_at, zerodb.is_open(s) as active,
  (select k.sealed from zerodb.share_key k where k.share = s.id and k.member = zerodb.me()) as record`

type Row = Omit<Share, 'created_at' | 'expires_at' | 'readers'> & { created_at: unknown; expires_at: unknown; record: string | null }

/** Converts rows to shares. The names of readers come from the encrypted record of the owner, so that the server cannot hide a reader. */
async function sharesFrom(server: Server, rows: readonly Row[]): Promise<Share[]> {
  const { codecOf, openRecord } = await serverClient()
  const codec = await codecOf(server)
  return rows.map(({ record, ...row }) => ({
    ...row,
    created_at: timeOf(row.created_at),
    expires_at: timeOf(row.expires_at),
    readers: codec ? (openRecord(codec.account, row, record)?.members ?? []).map(([name]) => name) : null,
  }))
}

/** Lists the shares of these sessions that the user created. */
export async function sharesOf(server: Server, sessions: readonly string[]): Promise<Share[]> {
  const { ask } = await serverClient()
  const rows = await ask(
    server,
    sql<Row>`select ${COLUMNS} from zerodb.share s where s.owner = zerodb.me() and s.session = any(${sessions}) order by s.created_at, s.id`,
  )
  return sharesFrom(server, rows)
}

/** Finds shares of the user whose id starts with a prefix: at most two, enough to detect an ambiguous prefix. */
export async function sharesWithPrefix(server: Server, prefix: string): Promise<Share[]> {
  const { ask } = await serverClient()
  const rows = await ask(
    server,
    sql<Row>`select ${COLUMNS} from zerodb.share s where s.owner = zerodb.me() and starts_with(s.id, ${prefix}) limit 2`,
  )
  return sharesFrom(server, rows)
}

/** Throws a Problem unless the user is a member of the team. */
export async function requireTeam(server: Server, team: string): Promise<void> {
  const { ask } = await serverClient()
  const [row] = await ask(server, sql<{ member: boolean }>`select zerodb.in_team(zerodb.me(), ${team}) as member`)
  if (row?.member) return
  throw new Problem('server-rights', `${server.user} is not a member of a team ${team}`, {
    hint: `ainative-code zerodb team join ${team} ${server.user} --admin URL`,
  })
}

/**
 * Shares a session that the server has. `lifetime` is an interval such as `30 days`; null for a share without an end. A session that is
 * shared with the team already keeps its shared id.
 */
export async function createShare(server: Server, session: string, team: string, lifetime: string | null): Promise<Share> {
  const { ask } = await serverClient()
  const rows = await ask(
    server,
    sql<Row>`
    insert into zerodb.share as s (owner, session, team, expires_at)
    values (zerodb.me(), ${session}, ${team}, clock_timestamp() + ${lifetime}::interval)
    on conflict (owner, session, team) do update set expires_at = excluded.expires_at returning ${COLUMNS}`,
  )
  const [share] = await sharesFrom(server, rows)
  return share as Share
}

/** Ends shares, with immediate effect. */
export async function removeShares(server: Server, ids: readonly string[]): Promise<void> {
  const { ask } = await serverClient()
  await ask(server, sql`select zerodb.end_shares(${ids}::text[])`)
}
