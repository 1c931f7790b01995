import { Problem } from 'ainative-code'
import { sql } from 'kysely'
import { CLIENT, MIN_CLIENT, SCHEMA_VERSION } from './schema.ts'
import type { Tx } from './transaction.ts'

/** The Problem for a schema that a newer program created. */
export const newerSchema = (version: number) =>
  new Problem('newer-server', `the server has schema version ${version}, and this program knows ${SCHEMA_VERSION}`, {
    hint: 'install a newer version of ainative-code',
  })

/** Throws a Problem unless the database is set up for this program. */
export async function requireSchema(tx: Tx): Promise<void> {
  const { rows } = await sql<{ found: boolean; name: string }>`
    select to_regclass('zerodb.meta') is not null as found, current_database()::text as name`.execute(tx)
  if (!rows[0]?.found) throw notSetUp(rows[0]?.name ?? '')
  const meta = await tx.selectFrom('zerodb.meta').select('version').executeTakeFirst()
  if (!meta) throw noVersion(rows[0].name)
  checkVersion(meta.version)
}

/** The Problem of a database without the schema. */
export const notSetUp = (database: string) =>
  new Problem('server-setup', `the database ${database} is not set up for ZeroDB`, { hint: 'ainative-code zerodb init --admin URL' })

/** The Problem of a schema whose table of the version is empty. `zerodb init` would create the tables again, and fails. */
export const noVersion = (database: string) =>
  new Problem('server-setup', `the database ${database} is damaged: the table zerodb.meta has no row with the version of the schema`, {
    hint: `restore a backup of the database; or as a superuser: psql URL -c 'insert into zerodb.meta values (${SCHEMA_VERSION}, ${MIN_CLIENT})'`,
  })

/** Throws a Problem if the schema is older than this program needs, or refuses clients as old as this one (`minClient`). */
export function checkVersion(version: number, minClient = version): void {
  if (minClient > CLIENT.version) throw newerSchema(version)
  if (version < SCHEMA_VERSION)
    throw new Problem('server-old', `the server has schema version ${version}, and this program needs ${SCHEMA_VERSION}`, {
      hint: 'ainative-code zerodb init --admin URL upgrades it',
    })
}

/** The oldest PostgreSQL that ZeroDB supports. */
export const OLDEST = 15

/** Throws a Problem for a server older than PostgreSQL 15. `number` is its `server_version_num`, such as 150018. */
export function checkServer(number: number): void {
  if (number >= OLDEST * 10_000) return
  const version = `${Math.floor(number / 10_000)}.${number % 10_000}`
  throw new Problem('server-old', `the server is PostgreSQL ${version}; ZeroDB needs ${OLDEST} or newer`, {
    hint: 'upgrade the server; ainative-code zerodb start runs one on this machine',
  })
}
