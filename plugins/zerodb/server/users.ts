import { Problem } from 'ainative-code'
import { sql, type Transaction } from 'kysely'
import type { Server } from './connect.ts'
import { as, asMember, run } from './migrate.ts'
import { checkedName } from './names.ts'
import { scramVerifier } from './password.ts'
import { ROLES } from './rights.ts'
import type { ServerSchema } from './schema.ts'
import { serverProblem } from './server-problem.ts'

type Tx = Transaction<ServerSchema>

/** Creates a user: a role that can log in with this password, and is a member of zerodb_user. */
export async function addUser(server: Server, name: string, password: string): Promise<void> {
  checkedName('user', name)
  await inTransaction(server, async (tx) => {
    if (await roleExists(tx, name))
      throw new Problem('exists', `the role ${name} exists already`, { hint: 'ainative-code zerodb user list' })
    const role = sql.id(name)
    await sql`create role ${role} login password ${sql.lit(scramVerifier(password))}`.execute(tx)
    await sql`grant ${sql.id(ROLES.user)} to ${role}`.execute(tx)
    // A pooler may not pass the search path of the connection on.
    await sql`alter role ${role} set search_path = pg_catalog`.execute(tx)
  })
}

/** Runs admin work in one transaction; errors of the server become Problems. */
export async function inTransaction<T>({ db, endpoint }: Server, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await db.transaction().execute(work)
  } catch (error) {
    throw serverProblem(error, endpoint)
  }
}

/** True if a role has this name. */
export async function roleExists(tx: Tx, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_roles where rolname = ${name}`.execute(tx)
  return rows.length > 0
}

/** Removes a user, the user's data and the user's open connections. */
export async function removeUser(server: Server, name: string): Promise<void> {
  await inTransaction(server, async (tx) => {
    if (!(await isMember(tx, name, ROLES.user))) throw noSuch('user', name)
    await sql`drop role ${sql.id(name)}`.execute(tx)
    await removeRows(tx, name, ['feed', 'session', 'message', 'share'])
    await removeRows(tx, name, ['share_key'], 'member')
    await removeRows(tx, name, ['person'], 'name')
  })
}

/** The Problem of an unknown user or team. */
export const noSuch = (kind: 'user' | 'team', name: string) =>
  new Problem('no-user', `the server has no ${kind} ${name}`, { hint: `ainative-code zerodb ${kind} list` })

/** True if the role is a direct member of the group. */
export async function isMember(tx: Tx, name: string, group: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member
    where g.rolname = ${group} and r.rolname = ${name}`.execute(tx)
  return rows.length > 0
}

/** Deletes the rows of a role that was dropped in this transaction. The policies let the owner of the tables see no others. */
export async function removeRows(tx: Tx, name: string, tables: readonly string[], column = 'owner'): Promise<void> {
  await asMember(tx, () =>
    as(tx, ROLES.owner, async () => {
      await sql`select set_config('zerodb.removed', ${name}, true)`.execute(tx)
      for (const table of tables) await sql`delete from ${sql.table(`zerodb.${table}`)} where ${sql.id(column)} = ${name}`.execute(tx)
      await run(tx, `select set_config('zerodb.removed', '', true)`)
    }),
  )
}
