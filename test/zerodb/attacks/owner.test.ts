import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { here, makeHome } from '../../helpers/cli.ts'
import { binaries, connectAs, type Postgres, startPostgres, withServer } from '../../helpers/postgres.ts'
import { freshDatabase, runSql } from '../../helpers/sql.ts'

let pg: Postgres
beforeAll(async () => {
  pg = await startPostgres(binaries()[0]!)
  await runSql(pg.admin, `create role landlord login password 'x'`)
})
afterAll(() => pg.stop())

/** A database of the role landlord, set up by a superuser, with a user who has a session. */
async function rented(name: string) {
  const owner = await freshDatabase(pg, name, 'landlord')
  const admin = pg.admin.replace(/postgres$/, name)
  const home = here(makeHome({ AINATIVE_ZERODB_ADMIN: admin }))
  await home.ok('zerodb', 'init')
  const { endpoint } = await home.json('zerodb', 'user', 'add', `${name}-ann`.replace('_', '-'), '--json')
  await withServer(endpoint, ({ db, user }) =>
    db.insertInto('zerodb.session').values({ owner: user, id: 's', rev: 1, registers: '{"title":"secret"}' }).execute(),
  )
  return { owner, admin, home, endpoint }
}

const TABLES = ['feed', 'session', 'message', 'share', 'share_key']

test('the owner of the database neither reads nor changes the tables', async () => {
  const { owner, admin } = await rented('rent_read')
  const server = await connectAs(owner)
  for (const statement of [
    ...TABLES.flatMap((table) => [
      `select * from zerodb.${table}`,
      `copy zerodb.${table} to stdout`,
      `alter table zerodb.${table} owner to landlord`,
      `alter table zerodb.${table} disable row level security`,
      `grant select on zerodb.${table} to landlord`,
      `drop table zerodb.${table}`,
      `create trigger peek before insert on zerodb.${table} execute function pg_catalog.suppress_redundant_updates_trigger()`,
      `create publication peek for table zerodb.${table}`,
    ]),
    'alter schema zerodb owner to landlord',
    'drop schema zerodb cascade',
    'reassign owned by zerodb_owner to landlord',
    'drop owned by zerodb_owner',
    'grant zerodb_owner to landlord',
    'set role zerodb_owner',
    'create publication peek for all tables',
    `create event trigger peek on ddl_command_end execute function pg_catalog.suppress_redundant_updates_trigger()`,
  ])
    await expect(sql.raw(statement).execute(server.db), statement).rejects.toThrow(/permission denied|must be (owner|superuser|able)/i)
  await server.close()
  expect(await runSql(admin, 'select registers from zerodb.session')).toEqual([{ registers: { title: 'secret' } }])
})

/** A schema whose functions and operators record who runs them, and the settings that put it before all others. */
const TRAP = `
  create schema trap;
  grant usage on schema trap to public;
  create table trap.victims (name text);
  grant insert on trap.victims to public;
  create function trap.alike(text, text) returns boolean language plpgsql as
    'begin insert into trap.victims values (session_user); return true; end';
  create function trap.alike(name, text) returns boolean language plpgsql as
    'begin insert into trap.victims values (session_user); return true; end';
  create operator trap.= (leftarg = text, rightarg = text, function = trap.alike);
  create operator trap.= (leftarg = name, rightarg = text, function = trap.alike);
  create function trap.clock_timestamp() returns timestamptz language plpgsql as
    'begin insert into trap.victims values (session_user); return now(); end';
  create function trap.current_setting(text) returns text language plpgsql as
    'begin insert into trap.victims values (session_user); return ''180000''; end';
  grant execute on all functions in schema trap to public;
  alter database rent_path set search_path = trap, pg_catalog`

test('a search path of the owner of the database makes nobody run code of the owner', async () => {
  const { owner, home, endpoint } = await rented('rent_path')
  await runSql(owner, TRAP)
  // The trap works: a connection without this program's precautions runs the code.
  await runSql(owner, `set search_path = trap, pg_catalog; select 'a'::pg_catalog.text = 'b'::pg_catalog.text`)
  expect(await runSql(owner, 'delete from trap.victims returning name')).toEqual([{ name: 'landlord' }])
  await home.ok('zerodb', 'init')
  await home.ok('zerodb', 'user', 'list')
  await home.ok('zerodb', 'user', 'add', 'rent-ben')
  const env = { AINATIVE_ZERODB_ENDPOINT: endpoint }
  expect((await here({ ...home, env: { ...home.env, ...env } }).run('zerodb', 'ping')).code).toBe(0)
  await withServer(endpoint, ({ db, user }) => db.selectFrom('zerodb.session').selectAll().where('owner', '=', user).execute())
  expect(await runSql(owner, 'select name from trap.victims')).toEqual([])
})

test('behind a pooler that drops the start parameters, the role itself has a safe search path', async () => {
  const { owner, endpoint } = await rented('rent_pool')
  await runSql(owner, `alter database rent_pool set search_path = trap, pg_catalog`)
  const client = new Client({ connectionString: endpoint })
  await client.connect()
  expect((await client.query('show search_path')).rows).toEqual([{ search_path: 'pg_catalog' }])
  await client.end()
})
