import { Problem } from 'ainative-code'
import { sql } from 'kysely'
import type { Server } from './connect.ts'
import { checkServer, newerSchema } from './require-schema.ts'
import { CREATE_POLICIES, CREATE_ROLES, GRANT_FUNCTIONS, GRANT_TABLES, POLICY_FUNCTIONS, ROLES } from './rights.ts'
import { MIN_CLIENT, SCHEMA_VERSION } from './schema.ts'
import { SHARE_FUNCTIONS } from './share-functions.ts'
import { SYNC_FUNCTIONS } from './sync-functions.ts'
import { MIGRATIONS, NO_STATISTICS } from './tables.ts'
import { inTransaction, ownRole, runScripts, type Tx, withOwnerRoles, withRole } from './transaction.ts'

/** The result of `zerodb init`. */
export interface MigrationResult {
  /** The version of the schema before; 0 if there was none. */
  before: number
  version: number
}

/** Creates or upgrades the schema, roles and policies in one transaction. Throws a Problem if a newer program created the schema. */
export const migrate = (server: Server): Promise<MigrationResult> => inTransaction(server, migrateIn)

/** The longest time to wait for a lock, in seconds. */
const LONGEST_WAIT = 15

async function migrateIn(tx: Tx): Promise<MigrationResult> {
  const { rows } = await sql<{ number: number }>`select current_setting('server_version_num')::int as number`.execute(tx)
  checkServer(rows[0]?.number ?? 0)
  // Anyone can hold a lock that this transaction needs. While it waits, others may wait for its own locks.
  await runScripts(tx, `set local lock_timeout = '${LONGEST_WAIT}s'`)
  // Without the lock, two runs at the same time would create the same objects.
  await runScripts(tx, `select pg_advisory_xact_lock(hashtext('zerodb init'))`)
  await runScripts(tx, CREATE_ROLES)
  await checkRoles(tx)
  return withOwnerRoles(tx, async () => {
    await runScripts(tx, `create schema if not exists zerodb authorization ${ROLES.owner}`)
    await checkSchemaOwner(tx)
    const before = await withRole(tx, ROLES.owner, () => createTables(tx))
    await withRole(tx, ROLES.definer, () => runScripts(tx, POLICY_FUNCTIONS, SYNC_FUNCTIONS, SHARE_FUNCTIONS))
    await withRole(tx, ROLES.owner, () =>
      runScripts(tx, `revoke create on schema zerodb from ${ROLES.definer}`, CREATE_POLICIES, GRANT_TABLES),
    )
    await withRole(tx, ROLES.definer, () => runScripts(tx, GRANT_FUNCTIONS))
    await grantToAdmin(tx)
    return { before, version: SCHEMA_VERSION }
  })
}

/** Makes an admin without superuser rights a user too, so that a server for one person needs no second role. */
async function grantToAdmin(tx: Tx): Promise<void> {
  if (!(await ownRole(tx)).isSuperuser) await runScripts(tx, `grant ${ROLES.user} to current_user`)
}

async function createTables(tx: Tx): Promise<number> {
  const { rows } = await sql<{ found: boolean }>`select to_regclass('zerodb.meta') is not null as found`.execute(tx)
  const before = rows[0]?.found ? ((await tx.selectFrom('zerodb.meta').select('version').executeTakeFirst())?.version ?? 0) : 0
  if (before > SCHEMA_VERSION) throw newerSchema(before)
  for (const { version, sql: script } of MIGRATIONS) if (version > before) await runScripts(tx, script)
  await runScripts(tx, NO_STATISTICS)
  await runScripts(
    tx,
    `grant usage, create on schema zerodb to ${ROLES.definer}; grant select on all tables in schema zerodb to ${ROLES.definer}`,
  )
  await runScripts(tx, `delete from zerodb.meta; insert into zerodb.meta values (${SCHEMA_VERSION}, ${MIN_CLIENT})`)
  return before
}

/** Refuses roles that someone else created with other rights, because whoever can use them can read everything. */
async function checkRoles(tx: Tx): Promise<void> {
  const { rows } = await sql<{ rolname: string }>`
    select rolname from pg_roles
    where rolname in (${sql.join(Object.values(ROLES))}) and (rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolreplication)
    limit 1`.execute(tx)
  if (rows[0])
    throw new Problem('server-setup', `the role ${rows[0].rolname} exists already, with more rights than ZeroDB gives to it`, {
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
