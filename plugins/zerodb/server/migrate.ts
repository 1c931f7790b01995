import { Problem } from 'ainative-code'
import { sql, type Transaction } from 'kysely'
import type { Server } from './connect.ts'
import { CREATE_POLICIES, CREATE_ROLES, GRANT_FUNCTIONS, GRANT_TABLES, POLICY_FUNCTIONS, ROLES } from './rights.ts'
import { MIN_CLIENT, SCHEMA_VERSION, type ServerSchema } from './schema.ts'
import { serverProblem } from './server-problem.ts'
import { SYNC_FUNCTIONS } from './sync-functions.ts'
import { MIGRATIONS, NO_STATISTICS } from './tables.ts'

type Tx = Transaction<ServerSchema>

export interface Migrated {
  /** The version of the schema before; 0 if there was none. */
  before: number
  version: number
}

/** Creates or upgrades the schema, the roles and the policies in one transaction. Throws a Problem if a newer program created the schema. */
export async function migrate({ db, endpoint }: Server): Promise<Migrated> {
  try {
    return await db.transaction().execute(migrateIn)
  } catch (error) {
    throw serverProblem(error, endpoint)
  }
}

async function migrateIn(tx: Tx): Promise<Migrated> {
  // Two runs at once would create the same objects.
  await run(tx, `select pg_advisory_xact_lock(hashtext('zerodb init'))`)
  await run(tx, CREATE_ROLES)
  await checkRoles(tx)
  return asMember(tx, async () => {
    await run(tx, `create schema if not exists zerodb authorization ${ROLES.owner}`)
    await checkSchemaOwner(tx)
    const before = await as(tx, ROLES.owner, () => createTables(tx))
    await as(tx, ROLES.definer, () => run(tx, POLICY_FUNCTIONS, SYNC_FUNCTIONS))
    await as(tx, ROLES.owner, () => run(tx, `revoke create on schema zerodb from ${ROLES.definer}`, CREATE_POLICIES, GRANT_TABLES))
    await as(tx, ROLES.definer, () => run(tx, GRANT_FUNCTIONS))
    return { before, version: SCHEMA_VERSION }
  })
}

/** Runs scripts of SQL without parameters. */
export async function run(tx: Tx, ...scripts: string[]): Promise<void> {
  for (const script of scripts) if (script.trim()) await sql.raw(script).execute(tx)
}

/** Runs `work` with the rights of one of ZeroDB's roles. */
export async function as<T>(tx: Tx, role: string, work: () => Promise<T>): Promise<T> {
  await run(tx, `set local role ${role}`)
  const result = await work()
  await run(tx, 'reset role')
  return result
}

/** Makes an admin who is no superuser a member of the roles that own the schema, until the end of `work`. */
export async function asMember<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ rolsuper: boolean }>`select rolsuper from pg_roles where rolname = current_user`.execute(tx)
  if (rows[0]?.rolsuper) return work()
  await run(tx, `grant ${ROLES.owner}, ${ROLES.definer} to current_user`)
  const result = await work()
  await run(tx, `revoke ${ROLES.owner}, ${ROLES.definer} from current_user`)
  return result
}

async function createTables(tx: Tx): Promise<number> {
  const { rows } = await sql<{ found: boolean }>`select to_regclass('zerodb.meta') is not null as found`.execute(tx)
  const before = rows[0]?.found ? ((await tx.selectFrom('zerodb.meta').select('version').executeTakeFirst())?.version ?? 0) : 0
  if (before > SCHEMA_VERSION) throw newerSchema(before)
  for (const { version, sql: script } of MIGRATIONS) if (version > before) await run(tx, script)
  await run(tx, NO_STATISTICS)
  await run(tx, `grant usage, create on schema zerodb to ${ROLES.definer}; grant select on zerodb.share to ${ROLES.definer}`)
  await run(tx, `delete from zerodb.meta; insert into zerodb.meta values (${SCHEMA_VERSION}, ${MIN_CLIENT})`)
  return before
}

/** The Problem of a schema that a newer program created. */
export const newerSchema = (version: number) =>
  new Problem('newer-server', `the server has schema version ${version}, and this program knows ${SCHEMA_VERSION}`, {
    hint: 'install a newer version of ainative-code',
  })

/** Refuses roles that someone else created with other rights, because whoever can use them can read everything. */
async function checkRoles(tx: Tx): Promise<void> {
  const { rows } = await sql<{ rolname: string }>`
    select rolname from pg_roles
    where rolname in (${sql.join(Object.values(ROLES))}) and (rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolreplication)
    limit 1`.execute(tx)
  if (rows[0])
    throw new Problem('server-setup', `the role ${rows[0].rolname} exists, and has more rights than ZeroDB gives it`, {
      hint: `psql -c 'alter role ${rows[0].rolname} nologin nosuperuser nobypassrls nocreaterole noreplication' as a superuser`,
    })
}

async function checkSchemaOwner(tx: Tx): Promise<void> {
  const { rows } = await sql<{ owner: string }>`
    select pg_get_userbyid(nspowner)::text as owner from pg_namespace where nspname = 'zerodb'`.execute(tx)
  if (rows[0]?.owner !== ROLES.owner)
    throw new Problem('server-setup', `the schema zerodb belongs to ${rows[0]?.owner}, not to ZeroDB`, {
      hint: 'use another database, or rename that schema',
    })
}
