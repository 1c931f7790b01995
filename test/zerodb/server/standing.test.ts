import { expect, test } from 'vitest'
import type { Server } from '../../../plugins/zerodb/server/connect.ts'
import { checkStanding, readStanding } from '../../../plugins/zerodb/server/standing.ts'
import { here, makeHome } from '../../helpers/cli.ts'
import { binaries, openPostgres, startPostgres, withServer } from '../../helpers/postgres.ts'
import { expectProblem } from '../../helpers/problem.ts'
import { freshDatabase, runSql } from '../../helpers/sql.ts'

const assertMaySync = async (server: Server) => checkStanding(await readStanding(server), server)

test('a superuser syncs until there is a second user, and so does a role that row-level security does not hold', async () => {
  const pg = await startPostgres(binaries()[0]!)
  const home = here(makeHome({ AINATIVE_ZERODB_ADMIN: pg.admin }))
  await home.ok('zerodb', 'init')
  expect(await withServer(pg.admin, assertMaySync)).toBe(
    'the role postgres is a superuser, so row-level security does not apply; this role can no longer sync once the server has a second user',
  )
  home.env.AINATIVE_ZERODB_ENDPOINT = pg.admin
  expect(await home.run('session', 'sync')).toEqual({
    code: 0,
    stdout: 'No changes; in sync\n',
    stderr:
      'warning: the role postgres is a superuser, so row-level security does not apply; this role can no longer sync once the server has a second user\n',
  })
  const { endpoint } = await home.json('zerodb', 'user', 'add', 'ann', '--json')
  expect(await home.run('session', 'sync')).toMatchObject({ code: 1, stderr: expect.stringContaining('so it cannot sync\nhint: ') })
  await expect(withServer(pg.admin, assertMaySync)).rejects.toMatchObject({
    code: 'server-rights',
    message: 'the role postgres is a superuser and can read the sessions of all users, so it cannot sync',
    hint: 'ainative-code zerodb user add NAME adds a user for the sync',
  })
  expect(await withServer(endpoint, assertMaySync)).toBeUndefined()
  for (const [grant, revoke, power] of [
    ['alter role ann bypassrls', 'alter role ann nobypassrls', 'has BYPASSRLS'],
    ['grant zerodb_owner to ann', 'revoke zerodb_owner from ann', 'owns the tables'],
  ] as const) {
    await runSql(pg.admin, grant)
    expect(await withServer(endpoint, assertMaySync)).toContain(`the role ann ${power}, so`)
    await home.ok('zerodb', 'user', 'add', `ben${power.length}`)
    await expect(withServer(endpoint, assertMaySync)).rejects.toThrow(`the role ann ${power} and can read`)
    await home.ok('zerodb', 'user', 'rm', `ben${power.length}`, '--force')
    await runSql(pg.admin, revoke)
  }
  await pg.stop()
})

test('an empty table of the version is a problem, and its hint works', async () => {
  const pg = await openPostgres()
  const admin = await freshDatabase(pg, 'standing_empty')
  const home = here(makeHome({ AINATIVE_ZERODB_ADMIN: admin }))
  await home.ok('zerodb', 'init')
  home.env.AINATIVE_ZERODB_ENDPOINT = (await home.json('zerodb', 'user', 'add', 'standing-ann', '--json')).endpoint
  await home.create('--title', 'one')
  const commands = [
    'zerodb ping',
    'session sync',
    'session sync --push',
    'session sync --pull',
    'zerodb user add standing-ben',
    'zerodb team list',
  ]
  const says = 'error: the database standing_empty is damaged: the table zerodb.meta has no row with the version of the schema\nhint: '
  await runSql(admin, 'delete from zerodb.meta')
  for (const command of commands) expectProblem(await home.run(...command.split(' ')), 1, says)
  const { stderr } = await home.run('zerodb', 'ping')
  await runSql(admin, /psql URL -c '(.*)'$/m.exec(stderr)?.[1] ?? '')
  await home.ok('zerodb', 'init')
  for (const command of commands) await home.ok(...command.split(' '))
})
