import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { here, makeHome } from '../../helpers/cli.ts'
import { binaries, connectAs, openPostgres } from '../../helpers/postgres.ts'
import { expectProblem } from '../../helpers/problem.ts'
import { freshDatabase, runSql } from '../../helpers/sql.ts'

/** An admin of a new database that is set up; `add` adds a user and returns the endpoint. */
async function setUp(name: string, bin = binaries()[0]!) {
  const pg = await openPostgres(bin)
  const url = await freshDatabase(pg, name)
  const home = here(makeHome({ AINATIVE_ZERODB_ADMIN: url }))
  await home.ok('zerodb', 'init')
  const add = async (user: string): Promise<string> => (await home.json('zerodb', 'user', 'add', user, '--json')).endpoint
  return { pg, url, home, add }
}

const SHARE = `insert into zerodb.session values (zerodb.me(), 's', 1, '{"title": {"v": "secret", "h": "1"}}');
  insert into zerodb.share (owner, session, team) values (zerodb.me(), 's'`

test.each(binaries().slice(0, 2))('a user or team that owns what anyone can create is removed: %s', async (bin) => {
  const { home, add } = await setUp('roles_owned', bin)
  const [cleo, ben] = await Promise.all([add('own-cleo'), add('own-ben')].map(async (endpoint) => connectAs(await endpoint)))
  await home.ok('zerodb', 'team', 'add', 'own-team', 'own-ben')
  await sql
    .raw('select lo_create(0); alter default privileges grant all on tables to public; create temp table t (a int)')
    .execute(cleo!.db)
  await sql.raw('set role "own-team"; select lo_create(0)').execute(ben!.db)
  await home.ok('zerodb', 'user', 'rm', 'own-cleo', '--force')
  await home.ok('zerodb', 'team', 'rm', 'own-team', '--force')
  expect(await home.ok('zerodb', 'user', 'list')).not.toContain('own-cleo')
  expect(await home.ok('zerodb', 'team', 'list')).not.toContain('own-team')
  await Promise.all([cleo!.close(), ben!.close()])
})

test('a user who owns a table can no longer log in, and the error says what to do', async () => {
  const { home, url, add } = await setUp('roles_table')
  const endpoint = await add('table-cleo')
  await runSql(url, 'create schema work authorization "table-cleo"; grant create on database roles_table to "table-cleo"')
  await runSql(endpoint, 'create table work.notes (a int); insert into work.notes values (7)')
  const { code, stderr } = await home.run('zerodb', 'user', 'rm', 'table-cleo', '--force')
  expect(stderr).toMatch(/^error: the role table-cleo owns (schema work|table work\.notes)\nhint: in the database of the object/)
  expect(code).toBe(1)
  await expect(connectAs(endpoint)).rejects.toThrow('refused the login of table-cleo')
  expect(await runSql(url, 'select a from work.notes')).toEqual([{ a: 7 }])
  await runSql(url, 'reassign owned by "table-cleo" to postgres; drop owned by "table-cleo"')
  await home.ok('zerodb', 'user', 'rm', 'table-cleo', '--force')
})

test('user rm ends the open transactions of the user, so that no row appears afterwards', async () => {
  const { home, url, add } = await setUp('roles_race')
  const rita = await connectAs(await add('race-rita'))
  await home.ok('zerodb', 'team', 'add', 'race-team', 'race-rita')
  const writing = rita.db.transaction().execute(async (tx) => {
    await sql.raw(`${SHARE}, 'race-team')`).execute(tx)
    await home.ok('zerodb', 'user', 'rm', 'race-rita', '--force')
  })
  await expect(writing).rejects.toThrow()
  expect(await runSql(url, 'select owner from zerodb.session union all select owner from zerodb.share')).toEqual([])
  await rita.close()
})

test('a share of a removed team does not reach a new team of this name', async () => {
  const { home, url, add } = await setUp('roles_team')
  const anna = await connectAs(await add('team-anna'))
  const ben = await add('team-ben')
  await home.ok('zerodb', 'team', 'add', 'team-eng', 'team-anna')
  await anna.db.transaction().execute(async (tx) => {
    await sql.raw(`${SHARE}, 'team-eng')`).execute(tx)
    await home.ok('zerodb', 'team', 'rm', 'team-eng', '--force')
  })
  expect(await runSql(url, 'select team from zerodb.share')).toEqual([{ team: 'team-eng' }])
  await home.ok('zerodb', 'team', 'add', 'team-eng', 'team-anna', 'team-ben')
  expect(await runSql(url, 'select team from zerodb.share')).toEqual([])
  expect(await runSql(ben, `select id from zerodb.shared_sessions('')`)).toEqual([])
  await anna.close()
})

test('a user who is no admin cannot remove others', async () => {
  const { home, add } = await setUp('roles_user')
  const endpoint = await add('plain-cleo')
  await add('plain-ben')
  const cleo = here(makeHome({ AINATIVE_ZERODB_ADMIN: endpoint }))
  expectProblem(await cleo.run('zerodb', 'user', 'rm', 'plain-ben', '--force'), 1, 'the user plain-cleo lacks a permission')
  expect(await home.ok('zerodb', 'user', 'list')).toContain('plain-ben')
})
