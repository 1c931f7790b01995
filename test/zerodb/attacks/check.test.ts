import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { LOCK_ATTACKS } from '../../../plugins/zerodb/server/attacks/lock-attacks.ts'
import { MEMBER_ATTACKS } from '../../../plugins/zerodb/server/attacks/member-attacks.ts'
import type { AttackResult } from '../../../plugins/zerodb/server/attacks/run-attacks.ts'
import { SIDE_CHANNELS } from '../../../plugins/zerodb/server/attacks/side-channels.ts'
import { SQL_ATTACKS } from '../../../plugins/zerodb/server/attacks/sql-attacks.ts'
import { here, makeHome, root, startCli } from '../../helpers/cli.ts'
import { binaries, openPostgres } from '../../helpers/postgres.ts'
import { freshDatabase, runSql } from '../../helpers/sql.ts'
import { until } from '../../helpers/until.ts'

/** A home that administers a new database, which is set up. */
async function checkedHome(name: string, bin = binaries()[0]!) {
  const url = await freshDatabase(await openPostgres(bin), name)
  const home = makeHome({ AINATIVE_ZERODB_ADMIN: url })
  await here(home).ok('zerodb', 'init')
  return { home: here(home), spawned: home, url }
}

const checkUsers = (url: string) => runSql(url, `select rolname from pg_roles where rolname like 'check-%'`)

test.each(binaries().slice(0, 2))('the server refuses every attack, and nothing remains of the check: %s', async (bin) => {
  const { home, url } = await checkedHome('attacks_all', bin)
  const results = await home.json<AttackResult[]>('zerodb', 'check', '--json')
  expect(results.filter(({ refused }) => !refused)).toEqual([])
  expect(results.map(({ attack }) => attack)).toMatchInlineSnapshot(`
    [
      "read every table",
      "read through the functions for shares",
      "read with the name of the owner",
      "turn row-level security off",
      "take another role",
      "grant a role to oneself",
      "shadow names with a search path and temporary objects",
      "run a cheap function before the policy",
      "read values in error messages",
      "read through views and functions of one's own",
      "read the statistics of the planner",
      "use the settings of an admin's work",
      "write rows of another owner",
      "replay another's revision under the name of its owner",
      "share another's session, or with a team of others",
      "change what protects the tables",
      "count rows with the estimates of EXPLAIN",
      "count rows with the rows that EXPLAIN ANALYZE removes",
      "find keys with the errors of INSERT",
      "lock a table against everyone else",
      "change a session that is shared with the team",
      "read after leaving the team, in an open transaction",
      "read a session whose owner left the team",
      "read a share that has expired",
      "read a share that was withdrawn",
    ]
  `)
  expect(await checkUsers(url)).toEqual([])
  expect(await runSql(url, 'select owner from zerodb.session union all select owner from zerodb.feed')).toEqual([])
})

test('docs/security.md lists every attack of the check', async () => {
  const page = fs.readFileSync(path.join(root, 'docs/security.md'), 'utf8')
  for (const { name } of [...SQL_ATTACKS, ...SIDE_CHANNELS, ...LOCK_ATTACKS, ...MEMBER_ATTACKS]) expect(page).toContain(`\n| ${name} | `)
})

/** Damage to the protection of a server, and attacks that then succeed. */
const DAMAGES: [damage: string, attacks: string[]][] = [
  [
    `alter table zerodb.message disable row level security`,
    [
      'read every table',
      'run a cheap function before the policy',
      'read values in error messages',
      "read through views and functions of one's own",
      'write rows of another owner',
    ],
  ],
  [
    `alter table zerodb.message alter owner set statistics 100;
     create policy weak on zerodb.message for select using (zerodb.may_read(owner, session));
     create or replace function zerodb.team_shares() returns setof zerodb.share language sql stable security definer as
       'select s.* from zerodb.share s where zerodb.in_team(zerodb.me(), s.team)';
     drop policy add on zerodb.share; create policy add on zerodb.share for insert with check (owner = zerodb.me());
     drop policy own on zerodb.share_key; create policy own on zerodb.share_key using (true); grant insert on zerodb.share_key to zerodb_user`,
    [
      "share another's session, or with a team of others",
      'count rows with the estimates of EXPLAIN',
      'count rows with the rows that EXPLAIN ANALYZE removes',
      'read a session whose owner left the team',
      'read a share that has expired',
      'find keys with the errors of INSERT',
    ],
  ],
  [
    `create policy weak on zerodb.message for select using (zerodb.may_read(owner, session));
     create or replace function zerodb.may_read(owner text, session text) returns boolean language plpgsql stable as
       'begin if to_regclass(''share'') is null then return false; end if; return exists (select 1 from share s where s.owner = $1); end'`,
    ['shadow names with a search path and temporary objects'],
  ],
  [`grant delete on zerodb.message to zerodb_user`, ['lock a table against everyone else']],
]

test('the attacks succeed on a damaged server, and init repairs it', async () => {
  const { home, url } = await checkedHome('attacks_damaged')
  for (const [damage, attacks] of DAMAGES) {
    await runSql(url, damage)
    const { code, stdout } = await home.run('zerodb', 'check', '--json')
    const failed = (JSON.parse(stdout) as AttackResult[]).filter(({ refused }) => !refused).map(({ attack }) => attack)
    expect(failed).toEqual(expect.arrayContaining(attacks))
    expect(code).toBe(1)
    await home.ok('zerodb', 'init')
  }
  expect(await home.ok('zerodb', 'check')).not.toMatch(/\bNO\b/)
})

test('an interrupt removes the users and teams of the check, and the next check removes those of a killed one', async () => {
  const { home, spawned, url } = await checkedHome('attacks_interrupt')
  const child = startCli(['zerodb', 'check'], { env: spawned.env, cwd: spawned.dir })
  await until('the users of the check', async () => (await checkUsers(url)).length === 4)
  child.kill('SIGINT')
  await new Promise((resolve) => child.once('exit', resolve))
  expect(await checkUsers(url)).toEqual([])

  // Created in 1970.
  await runSql(url, 'create role "check-1-abc-victim" login; grant zerodb_user to "check-1-abc-victim"')
  await home.ok('zerodb', 'check')
  expect(await checkUsers(url)).toEqual([])
})
