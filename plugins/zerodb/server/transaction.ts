import { codeOf, Problem } from 'ainative-code'
import { sql, type Transaction } from 'kysely'
import type { Server } from './connect.ts'
import { ROLES } from './rights.ts'
import type { ServerSchema } from './schema.ts'
import { serverProblem } from './server-problem.ts'

/** A transaction on the server. */
export type Tx = Transaction<ServerSchema>

/** Runs work in one transaction. An error of the server becomes a Problem; an interrupt throws its reason. */
export async function inTransaction<T>(server: Server, work: (tx: Tx) => Promise<T>): Promise<T> {
  return withProblems(server, () => server.db.transaction().execute(work))
}

/** Runs work on the server. An error of the server becomes a Problem; an interrupt throws its reason. */
export async function withProblems<T>({ endpoint, signal }: Server, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    signal?.throwIfAborted()
    throw serverProblem(error, endpoint)
  }
}

/** Runs SQL scripts without parameters. */
export async function runScripts(tx: Tx, ...scripts: string[]): Promise<void> {
  for (const script of scripts) if (script.trim()) await sql.raw(script).execute(tx)
}

/** Runs `work` with the rights of one of ZeroDB's roles. */
export async function withRole<T>(tx: Tx, role: string, work: () => Promise<T>): Promise<T> {
  await runScripts(tx, `set local role ${role}`)
  const result = await work()
  await runScripts(tx, 'reset role')
  return result
}

/** The role of the connection, and its rights over other roles. */
interface OwnRole {
  name: string
  isSuperuser: boolean
  /** True if the role may create and drop other roles. */
  isAdmin: boolean
}

/** Reads the role of the connection. */
export async function ownRole(tx: Tx): Promise<OwnRole> {
  const { rows } = await sql<OwnRole>`
    select rolname::text as name, rolsuper as "isSuperuser", rolsuper or rolcreaterole as "isAdmin" from pg_roles
    where rolname = current_user`.execute(tx)
  return rows[0] as OwnRole
}

/** Runs `work` while the admin is a member of the roles that own the schema. A superuser needs no membership. */
export async function withOwnerRoles<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const { name, isSuperuser } = await ownRole(tx)
  if (isSuperuser) return work()
  await joinOwners(tx, name)
  const result = await work()
  await runScripts(tx, `revoke ${ROLES.owner}, ${ROLES.definer} from current_user`)
  return result
}

async function joinOwners(tx: Tx, admin: string): Promise<void> {
  try {
    await runScripts(tx, `grant ${ROLES.owner}, ${ROLES.definer} to current_user`)
  } catch (error) {
    if (codeOf(error) !== '42501') throw error
    throw new Problem('server-rights', `the user ${admin} may not change ZeroDB's tables: someone else set up this server`, {
      hint: `as a superuser: psql -c 'grant ${Object.values(ROLES).join(', ')} to ${admin} with admin option'`,
      cause: error,
    })
  }
}

/** True if a role has this name. */
export async function roleExists(tx: Tx, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_roles where rolname = ${name}`.execute(tx)
  return rows.length > 0
}

/** True if the role is a direct member of the group. */
export async function isMember(tx: Tx, name: string, group: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member
    where g.rolname = ${group} and r.rolname = ${name}`.execute(tx)
  return rows.length > 0
}

/** Throws a Problem if the server has no user or team of this name. */
export async function requireRole(tx: Tx, kind: 'user' | 'team', name: string): Promise<void> {
  if (await isMember(tx, name, ROLES[kind])) return
  throw new Problem('no-user', `the server has no ${kind} ${name}`, { hint: `ainative-code zerodb ${kind} list` })
}

/** Deletes the rows of a role that does not exist, or was dropped in this transaction. The policies hide all other rows from the owner of the tables. */
export async function removeRows(tx: Tx, name: string, columns: readonly (readonly [table: string, column: string])[]): Promise<void> {
  await withOwnerRoles(tx, () =>
    withRole(tx, ROLES.owner, async () => {
      await sql`select set_config('zerodb.removed', ${name}, true)`.execute(tx)
      for (const [table, column] of columns)
        await sql`delete from ${sql.table(`zerodb.${table}`)} where ${sql.id(column)} = ${name}`.execute(tx)
      await runScripts(tx, `select set_config('zerodb.removed', '', true)`)
    }),
  )
}
