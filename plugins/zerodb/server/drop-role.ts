import { codeOf, oneLine, Problem } from 'ainative-code'
import { sql } from 'kysely'
import { ownRole, type Tx } from './transaction.ts'

/**
 * Drops a user or a team, with its privileges, settings and large objects in this database: anyone can create these, and must not be able to
 * keep a role by it. Throws a Problem if the role owns something else, such as a table. `before` runs while the admin has the rights of the
 * role.
 */
export async function dropRole(tx: Tx, name: string, before: () => Promise<void> = async () => {}): Promise<void> {
  const role = sql.id(name)
  const { isSuperuser } = await ownRole(tx)
  if (!isSuperuser) await sql`grant ${role} to current_user`.execute(tx)
  await before()
  const object = await ownedObject(tx, name)
  if (object) throw owns(name, object)
  await sql`drop owned by ${role}`.execute(tx)
  await sql`drop role ${role}`.execute(tx).catch((error) => {
    throw codeOf(error) === '2BP01' ? owns(name, 'objects in other databases of the server', error) : error
  })
}

/** Describes an object of this database that the role owns; undefined if there is none but those that are dropped with the role. */
async function ownedObject(tx: Tx, name: string): Promise<string | undefined> {
  const { rows } = await sql<{ object: string }>`
    select pg_describe_object(d.classid, d.objid, d.objsubid) as object from pg_shdepend d
    where d.refclassid = 'pg_authid'::regclass and d.refobjid = (select oid from pg_roles where rolname = ${name}) and d.deptype = 'o'
      and d.dbid = (select oid from pg_database where datname = current_database())
      and d.classid not in ('pg_largeobject'::regclass, 'pg_default_acl'::regclass) limit 1`.execute(tx)
  return rows[0]?.object
}

const owns = (name: string, what: string, cause?: unknown) =>
  new Problem('server-rights', `the role ${name} owns ${oneLine(what)}`, {
    hint: `in the database of the object, as a superuser: psql -c 'reassign owned by "${name}" to postgres' -c 'drop owned by "${name}"'`,
    cause,
  })
