import { Problem } from 'ainative-code'
import { sql } from 'kysely'
import type { Server } from './connect.ts'
import { dropRole } from './drop-role.ts'
import { scramVerifier } from './password.ts'
import { requireSchema } from './require-schema.ts'
import { ROLES } from './rights.ts'
import { inTransaction, removeRows, requireRole, roleExists, type Tx } from './transaction.ts'

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

/**
 * Removes a user and the user's rows. The login and all connections of the user end first, so that no open transaction can write a row
 * afterwards. If the user owns something else, the login has ended, and a Problem says what to do.
 */
export async function removeUser(server: Server, name: string): Promise<void> {
  await inTransaction(server, async (tx) => {
    await requireSchema(tx)
    await requireRole(tx, 'user', name)
    await sql`alter role ${sql.id(name)} nologin`.execute(tx)
  })
  await inTransaction(server, async (tx) => {
    await dropRole(tx, name, () => endConnections(tx, name))
    await removeRows(tx, name, OWNED)
  })
}

/** The longest time to wait for the end of a connection, in milliseconds. */
const END_MS = 10_000

async function endConnections(tx: Tx, name: string): Promise<void> {
  const { rows } = await sql<{ ended: boolean }>`
    select pg_terminate_backend(pid, ${END_MS}) as ended from pg_stat_activity where usename = ${name} and pid <> pg_backend_pid()`.execute(
    tx,
  )
  if (rows.every(({ ended }) => ended)) return
  throw new Problem('server-busy', `a connection of ${name} does not end`, { hint: 'run the command again later' })
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
