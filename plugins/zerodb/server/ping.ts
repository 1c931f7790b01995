import { sql } from 'kysely'
import type { Server } from './connect.ts'
import { urlText } from './endpoint.ts'
import { checkServer } from './require-schema.ts'
import { ROLES } from './rights.ts'
import { readStanding } from './standing.ts'
import { withProblems } from './transaction.ts'

/** The result of a ping. */
export interface Ping {
  /** The URL without the password. */
  endpoint: string
  /** Such as 18.4. */
  server_version: string
  /** The version of TLS, or null for a connection without TLS. */
  tls: string | null
  /** True if the certificate and the host name were verified. */
  tls_verified: boolean
  user: string
  schema_version: number
  /** `own`: the sessions of the user, and sessions that are shared with the teams of the user; `all`: the sessions of all users. */
  sees: 'own' | 'all'
  /** The reason why row-level security does not apply to the role; null if it applies. */
  power: string | null
  teams: string[]
  other_users: number
  round_trip_ms: number
  /** The server's clock minus this clock; positive if the server is ahead. */
  clock_difference_ms: number
}

/** Tests a connection, and reads what its role can see. Throws a Problem for each failure. */
export async function ping(server: Server): Promise<Ping> {
  const { endpoint, user, tls } = server
  const { number, teams } = await readServer(server)
  checkServer(number)
  const { version, power, others } = await readStanding(server)
  return {
    endpoint: urlText({ ...endpoint, password: undefined }),
    server_version: `${Math.floor(number / 10_000)}.${number % 10_000}`,
    tls: tls ?? null,
    tls_verified: tls !== undefined && (endpoint.tls ?? 'verify-full') === 'verify-full',
    user,
    schema_version: version,
    sees: power === null ? 'own' : 'all',
    power,
    teams,
    other_users: others,
    ...(await measure(server)),
  }
}

async function readServer(server: Server): Promise<{ number: number; teams: string[] }> {
  const { rows } = await withProblems(server, () =>
    sql<{ number: number; teams: string[] }>`
      select current_setting('server_version_num')::int as number, array(
        select t.rolname::text from pg_roles t join pg_auth_members m on m.member = t.oid join pg_roles g on g.oid = m.roleid
        where g.rolname = ${ROLES.team} and not t.rolcanlogin and pg_has_role(session_user, t.oid, 'usage') order by 1) as teams
    `.execute(server.db),
  )
  return rows[0] as { number: number; teams: string[] }
}

/** Measures one round trip, after the first queries have warmed up the connection. */
async function measure(server: Server): Promise<Pick<Ping, 'round_trip_ms' | 'clock_difference_ms'>> {
  const [began, wall] = [performance.now(), Date.now()]
  const { rows } = await withProblems(server, () =>
    sql<{ now: number }>`select extract(epoch from clock_timestamp())::float8 * 1000 as now`.execute(server.db),
  )
  const round = performance.now() - began
  return {
    round_trip_ms: Math.round(round * 10) / 10,
    clock_difference_ms: Math.round((rows[0]?.now ?? 0) - (wall + round / 2)),
  }
}
