import pg from 'pg'
import { expect, test } from 'vitest'
import { openPostgres, userOn, withServer } from '../../helpers/postgres.ts'
import { runSql } from '../../helpers/sql.ts'

/** Two users; the first has a session. */
async function twoUsers(prefix: string) {
  const server = await openPostgres()
  const [victim, attacker] = [await userOn(server, `${prefix}-victim`), await userOn(server, `${prefix}-attacker`)]
  await withServer(victim, ({ db, user }) =>
    db.insertInto('zerodb.session').values({ owner: user, id: 's', rev: 1, registers: '{"title":"secret"}' }).execute(),
  )
  return { victim, attacker }
}

/** The rows of a query as the attacker with start parameters, or the error. */
async function answer(url: string, options: string, query: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, options })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const result = await client.query(query)
    return JSON.stringify([result].flat().map(({ rows }) => rows))
  } catch (error) {
    return String(error)
  } finally {
    await client.end()
  }
}

test('start parameters and chains of statements of the plain protocol give no rows of others', async () => {
  const { victim, attacker } = await twoUsers('protocol')
  const name = new URL(victim).username
  for (const options of [
    '-c role=zerodb_owner',
    '-c role=zerodb_definer',
    '-c role=zerodb_user',
    `-c role=${name}`,
    `-c session_authorization=${name}`,
    '-c row_security=off',
    `-c zerodb.removed=${name}`,
    '-c search_path=pg_temp,zerodb',
  ])
    expect(await answer(attacker, options, 'select * from zerodb.session'), options).not.toContain('secret')
  for (const query of [
    `begin; set local role zerodb_owner; select * from zerodb.session`,
    `set session authorization default; reset role; select * from zerodb.session`,
    `prepare all_of as select * from zerodb.session; execute all_of`,
    `begin; set local row_security = off; select * from zerodb.session`,
    `do $$ begin execute 'select 1/0 from zerodb.session'; end $$; select * from zerodb.session`,
    'explain (analyze, verbose, settings) select * from zerodb.session',
  ])
    expect(await answer(attacker, '', query), query).not.toContain('secret')
  // The same questions show the rows of the victim to the victim.
  expect(await answer(victim, '-c role=zerodb_user', 'select * from zerodb.session')).toContain('secret')
})

test('a user who is made a member of another still is itself', async () => {
  const { victim, attacker } = await twoUsers('borrowed')
  const [name, other] = [new URL(victim).username, new URL(attacker).username]
  await runSql((await openPostgres()).admin, `grant "${name}" to "${other}"`)
  expect(await answer(attacker, '', `set role "${name}"; select current_user, zerodb.me(); select * from zerodb.session`)).toBe(
    JSON.stringify([[], [{ current_user: name, me: other }], []]),
  )
})
