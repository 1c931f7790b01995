import { Problem } from 'ainative-code'
import { sql } from 'kysely'
import type { Server } from './connect.ts'
import { scramVerifier } from './password.ts'
import { requireSchema } from './require-schema.ts'
import { ROLES } from './rights.ts'
import { inTransaction, removeRows, requireRole, roleExists } from './transaction.ts'

/** A user of the server, and the names of the teams of the user. */
export interface User {
  name: string
  teams: string[]
}

/**
 * Creates a user: a role that can log in with this password, and is a member of zerodb_user. After `until`, the role can no longer log in.
 */
export async function addUser(server: Server, name: string, password: string, until?: Date): Promise<void> {
  await inTransaction(server, async (tx) => {
    await requireSchema(tx)
    if (await roleExists(tx, name))
      throw new Problem('exists', `the role ${name} exists already`, { hint: 'choose another name; ainative-code zerodb user list' })
    const role = sql.id(name)
    const end = until ? sql` valid until ${sql.lit(until.toISOString())}` : sql``
    await sql`create role ${role} login password ${sql.lit(scramVerifier(password))}${end}`.execute(tx)
    await sql`grant ${sql.id(ROLES.user)} to ${role}`.execute(tx)
    // A pooler may not pass the search path of the connection on.
    await sql`alter role ${role} set search_path = pg_catalog`.execute(tx)
  })
}

/** The tables of a user's rows, with the column that holds the user's name. */
const OWNED = [
  ['share', 'owner'],
  ['share_key', 'member'],
  ['message', 'owner'],
  ['session', 'owner'],
  ['feed', 'owner'],
  ['person', 'name'],
] as const

/** Removes a user and the user's rows. Open connections of the user lose all rights. */
export async function removeUser(server: Server, name: string): Promise<void> {
  await inTransaction(server, async (tx) => {
    await requireSchema(tx)
    await requireRole(tx, 'user', name)
    await sql`drop role ${sql.id(name)}`.execute(tx)
    await removeRows(tx, name, OWNED)
  })
}

/** Lists the users by name. */
export const listUsers = (server: Server): Promise<User[]> =>
  inTransaction(server, async (tx) => {
    await requireSchema(tx)
    const { rows } = await sql<User>`
      select r.rolname::text as name, array(
        select t.rolname::text from pg_auth_members m join pg_roles t on t.oid = m.roleid
          join pg_auth_members mark on mark.member = t.oid join pg_roles g on g.oid = mark.roleid and g.rolname = ${ROLES.team}
        where m.member = r.oid order by 1) as teams
      from pg_roles r join pg_auth_members u on u.member = r.oid join pg_roles g on g.oid = u.roleid
      where g.rolname = ${ROLES.user} order by 1`.execute(tx)
    return rows
  })
