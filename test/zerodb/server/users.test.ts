import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Home, here, makeHome } from '../../helpers/cli.ts'
import { binaries, connectAs, openPostgres, PASSWORD, type Postgres, startPostgres, withServer } from '../../helpers/postgres.ts'
import { expectProblem } from '../../helpers/problem.ts'
import { freshDatabase, runSql, serverLog } from '../../helpers/sql.ts'

/** A home that administers a new database of the server. */
async function adminOf(pg: Postgres, name: string, role?: string): Promise<{ home: Home; url: string }> {
  const url = await freshDatabase(pg, name, role)
  return { home: makeHome({ AINATIVE_ZERODB_ADMIN: url }), url }
}

test('init sets up a database once, and user add prints an endpoint that works', async () => {
  const { home } = await adminOf(await openPostgres(), 'users_init')
  expect(await home.run('zerodb', 'user', 'add', 'init-alice')).toMatchObject({
    code: 1,
    stderr: `error: the database users_init is not set up for ZeroDB\nhint: ainative-code zerodb init --admin URL\n`,
  })
  expect(await home.ok('zerodb', 'init')).toBe(
    'Set up the database users_init (schema version 1)\nNext: ainative-code zerodb user add NAME\n',
  )
  expect(await home.json('zerodb', 'init', '--json')).toEqual({ database: 'users_init', before: 1, version: 1 })
  const text = await home.ok('zerodb', 'user', 'add', 'init-alice')
  const endpoint = /^postgresql:\S+$/m.exec(text)?.[0] ?? ''
  expect(endpoint).toMatch(/^postgresql:\/\/init-alice:[\w-]{32}@127\.0\.0\.1:\d+\/users_init$/)
  const { stdout } = await home.runWith({ env: { AINATIVE_ZERODB_ENDPOINT: endpoint } }, 'zerodb', 'ping', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ user: 'init-alice', sees: 'own', power: null, schema_version: 1, tls: null, teams: [] })
  expect(stdout).not.toContain(new URL(endpoint).password)
})

test('users and teams: names, members, errors', async () => {
  const pg = await openPostgres()
  const { home: own } = await adminOf(pg, 'users_teams')
  const home = here(own)
  await home.ok('zerodb', 'init')
  for (const name of ['teams-ann', 'teams-ben']) await home.ok('zerodb', 'user', 'add', name)
  await home.ok('zerodb', 'team', 'add', 'teams-red')
  expect(await home.json('zerodb', 'team', 'join', 'teams-red', 'teams-ann', '--json')).toEqual({
    team: 'teams-red',
    user: 'teams-ann',
    changed: true,
  })
  expect(await home.ok('zerodb', 'team', 'join', 'teams-red', 'teams-ann')).toBe('teams-ann is already a member of teams-red\n')
  expect(await home.json('zerodb', 'team', 'list', '--json')).toContainEqual({ name: 'teams-red', members: ['teams-ann'] })
  expect(await home.json('zerodb', 'user', 'list', '--json')).toEqual(
    expect.arrayContaining([
      { name: 'teams-ann', teams: ['teams-red'] },
      { name: 'teams-ben', teams: [] },
    ]),
  )
  for (const [words, code, error] of [
    [['user', 'add', 'teams-ann'], 1, 'the role teams-ann exists already'],
    [['team', 'add', 'teams-blue', 'teams-ben', 'teams-none'], 1, 'the server has no user teams-none'],
    [['team', 'add', 'teams-ann'], 1, 'the role teams-ann exists already'],
    [['team', 'add', 'teams-red', 'teams-ben'], 1, 'already a team teams-red\nhint: ainative-code zerodb team join teams-red teams-ben\n'],
    [['team', 'join', 'teams-ann', 'teams-ben'], 1, 'the server has no team teams-ann'],
    [['team', 'join', 'teams-red', 'teams-red'], 1, 'the server has no user teams-red'],
    [['team', 'leave', 'zerodb_user', 'teams-ann'], 2, 'the name zerodb_user is reserved'],
    [['user', 'rm', 'postgres', '--force'], 2, 'the name postgres is reserved'],
    [['user', 'rm', 'nobody', '--force'], 1, 'the server has no user nobody'],
    [['user', 'add', 'a"; drop role x; --'], 2, 'invalid user name "a\\"; drop role x; --"'],
    [['user', 'add', 'Ann'], 2, 'invalid user name "Ann"'],
    [['team', 'add', `t${'x'.repeat(63)}`], 2, 'invalid team name'],
    [['team', 'add', 'pg_read_all_data'], 2, 'the name pg_read_all_data is reserved'],
  ] as const) {
    const { code: exit, stderr } = await home.run('zerodb', ...words)
    expect(stderr).toContain(error)
    expect(exit, stderr).toBe(code)
  }
  expect(await home.json('zerodb', 'team', 'add', 'teams-blue', 'teams-ann', 'teams-ben', 'teams-ann', '--json')).toEqual({
    team: 'teams-blue',
    members: ['teams-ann', 'teams-ben'],
  })
  expect(await home.json('zerodb', 'team', 'list', '--json')).toContainEqual({ name: 'teams-blue', members: ['teams-ann', 'teams-ben'] })
  expect(await home.ok('zerodb', 'team', 'leave', 'teams-red', 'teams-ann')).toBe('teams-ann is no longer a member of teams-red\n')
  expect(await home.json('zerodb', 'team', 'rm', 'teams-red', '--force', '--json')).toEqual({ team: 'teams-red', removed: true })
  expect(JSON.stringify(await home.json('zerodb', 'team', 'list', '--json'))).not.toContain('teams-red')
})

test('a password never reaches the log of the server, and any printable password works', async () => {
  const pg = await openPostgres()
  const { home } = await adminOf(pg, 'users_password')
  await here(home).ok('zerodb', 'init')
  const { stdout } = await home.runWith({ input: `${PASSWORD}\n` }, 'zerodb', 'user', 'add', 'secret-user', '--password-stdin', '--json')
  const { user, endpoint } = JSON.parse(stdout)
  expect(user).toBe('secret-user')
  await withServer(endpoint, async ({ user }) => expect(user).toBe('secret-user'))
  const log = serverLog(pg)
  expect(log).toContain('create role "secret-user"')
  expect(log).not.toContain(PASSWORD)
  for (const input of ['\n', 'pässword\n', 'two\nlines\n']) {
    const { code, stderr } = await home.runWith({ input }, 'zerodb', 'user', 'add', 'other-user', '--password-stdin')
    expect(stderr).toContain('the password')
    expect(code).toBe(2)
  }
})

test('user rm removes the rows of the user alone, and ends the rights of open connections', async () => {
  const pg = await openPostgres()
  const { home: own, url } = await adminOf(pg, 'users_rm')
  const home = here(own)
  await home.ok('zerodb', 'init')
  const endpoints = []
  for (const name of ['rm-ann', 'rm-ben']) endpoints.push((await home.json('zerodb', 'user', 'add', name, '--json')).endpoint)
  const [ann, ben] = await Promise.all(endpoints.map(connectAs))
  for (const { db, user } of [ann!, ben!])
    await db.insertInto('zerodb.session').values({ owner: user, id: 's', rev: 1, registers: '{}' }).execute()
  await home.ok('zerodb', 'user', 'rm', 'rm-ann', '--force')
  await expect(ann!.db.selectFrom('zerodb.session').selectAll().execute()).rejects.toThrow()
  expect(await ben!.db.selectFrom('zerodb.session').select('owner').execute()).toEqual([{ owner: 'rm-ben' }])
  expect(await runSql(url, 'select owner from zerodb.session')).toEqual([{ owner: 'rm-ben' }])
  await Promise.all([ann!.close(), ben!.close()])
})

test('init ends with an error if someone holds its lock', async () => {
  const { home: own, url } = await adminOf(await openPostgres(), 'users_locked')
  const home = here(own)
  await home.ok('zerodb', 'init')
  const { endpoint } = await home.json('zerodb', 'user', 'add', 'locked-ann', '--json')
  const ann = await connectAs(endpoint)
  await sql`select pg_advisory_lock(hashtext('zerodb init'))`.execute(ann.db)
  expectProblem(await home.run('zerodb', 'init'), 1, 'another connection holds a lock on the server that this command needs')
  await ann.close()
  await home.ok('zerodb', 'init')
  expect(await runSql(url, 'select version from zerodb.meta')).toEqual([{ version: 1 }])
})

test('a schema of a newer program is refused, and stays as it is', async () => {
  const { home: own, url } = await adminOf(await openPostgres(), 'users_newer')
  const home = here(own)
  await home.ok('zerodb', 'init')
  await runSql(url, 'update zerodb.meta set version = 99; drop policy own on zerodb.session')
  for (const words of [['init'], ['user', 'add', 'newer-ann'], ['team', 'list']]) {
    const { code, stderr } = await home.run('zerodb', ...words)
    expect(stderr).toBe(
      'error: the server has schema version 99, and this program knows 1\nhint: install a newer version of ainative-code\n',
    )
    expect(code).toBe(1)
  }
  expect(await runSql(url, `select polname from pg_policy where polrelid = 'zerodb.session'::regclass order by 1`)).toEqual([
    { polname: 'removal' },
    { polname: 'shared' },
  ])
})

test('a schema or a role that someone else prepared is refused', async () => {
  const pg = await startPostgres(binaries()[0]!)
  const { home: own, url } = await adminOf(pg, 'users_squat')
  const home = here(own)
  await runSql(url, 'create role zerodb_owner login')
  expect((await home.run('zerodb', 'init')).stderr).toContain(
    'the role zerodb_owner exists already, with more rights than ZeroDB gives to it',
  )
  await runSql(url, 'alter role zerodb_owner nologin; create schema zerodb')
  expect((await home.run('zerodb', 'init')).stderr).toContain('the schema zerodb belongs to postgres, not to ZeroDB')
  expect(await runSql(url, `select 1 from pg_roles where rolname = 'zerodb_user'`)).toEqual([])
  await pg.stop()
})

test.each(binaries().slice(0, 2))('an admin who is no superuser sets up the server and manages it: %s', async (bin) => {
  const pg = await startPostgres(bin)
  await runSql(pg.admin, `create role dba login createrole password 'x'`)
  const { home: own, url } = await adminOf(pg, 'managed', 'dba')
  const home = here(own)
  await home.ok('zerodb', 'init')
  await home.ok('zerodb', 'init')
  const { endpoint } = await home.json('zerodb', 'user', 'add', 'ann', '--json')
  await home.ok('zerodb', 'team', 'add', 'red')
  await home.ok('zerodb', 'team', 'join', 'red', 'ann')
  for (const connection of [url, endpoint])
    await withServer(connection, async ({ db, user }) => {
      await db.insertInto('zerodb.session').values({ owner: user, id: 's', rev: 1, registers: '{}' }).execute()
      expect(await db.selectFrom('zerodb.session').select('owner').execute()).toEqual([{ owner: user }])
    })
  await home.ok('zerodb', 'team', 'leave', 'red', 'ann')
  await home.ok('zerodb', 'team', 'rm', 'red', '--force')
  const ann = await connectAs(endpoint)
  await sql`select lo_create(0)`.execute(ann.db)
  await home.ok('zerodb', 'user', 'rm', 'ann', '--force')
  await ann.close()
  expect(await home.ok('zerodb', 'check')).not.toMatch(/\bNO\b/)
  expect(await runSql(pg.admin.replace(/postgres$/, 'managed'), 'select owner from zerodb.session')).toEqual([{ owner: 'dba' }])
  // No right on the rows of others remains.
  expect(await runSql(url, `select pg_has_role('zerodb_owner', 'usage') as owner`)).toEqual([{ owner: false }])
  await pg.stop()
})
