import { Problem } from 'ainative-code'
import { sql } from 'kysely'
import type { Server } from './connect.ts'
import { checkVersion, noVersion } from './require-schema.ts'
import { withProblems } from './transaction.ts'

/** The versions of the server's schema, and the rights of the role that logged in. */
export interface Standing {
  version: number
  min_client: number
  /** The reason why row-level security does not apply to the role; null if it applies. */
  power: 'superuser' | 'bypassrls' | 'owner' | null
  /** The number of users other than the role. */
  others: number
}

/**
 * The value of `zerodb.standing()`; null if the table of the version is empty. A statement of the sync can contain this expression and save
 * a round trip.
 */
export const STANDING = sql<Standing | null>`zerodb.standing()`

/** Reads the versions and rights. Throws a Problem if the database is not set up, has another version, or is closed to the role. */
export async function readStanding(server: Server): Promise<Standing> {
  const { rows } = await withProblems(server, () => sql<{ standing: Standing | null }>`select ${STANDING} as standing`.execute(server.db))
  const standing = needStanding(rows[0]?.standing, server)
  checkVersion(standing.version, standing.min_client)
  return standing
}

function needStanding(standing: Standing | null | undefined, { endpoint }: Pick<Server, 'endpoint'>): Standing {
  if (!standing) throw noVersion(endpoint.database)
  return standing
}

const POWERS = {
  superuser: 'is a superuser',
  bypassrls: 'has BYPASSRLS',
  owner: 'owns the tables',
}

/**
 * Throws a Problem if the role could read the rows of other users, or the schema has another version. Returns a warning for such a role
 * while there are no other users, and otherwise undefined.
 */
export function checkStanding(standing: Standing | null, server: Pick<Server, 'user' | 'endpoint'>): string | undefined {
  const { version, min_client, power, others } = needStanding(standing, server)
  const { user } = server
  checkVersion(version, min_client)
  if (power === null) return undefined
  if (others === 0)
    return `the role ${user} ${POWERS[power]}, so row-level security does not apply; this role can no longer sync once the server has a second user`
  throw new Problem('server-rights', `the role ${user} ${POWERS[power]} and can read the sessions of all users, so it cannot sync`, {
    hint: 'ainative-code zerodb user add NAME adds a user for the sync',
  })
}
