import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { connectAs, openPostgres, userOn, withServer } from '../../helpers/postgres.ts'

test('a new user reads and writes rows of its own, and no others', async () => {
  const pg = await openPostgres()
  const alice = await userOn(pg, 'schema-alice')
  const bob = await userOn(pg, 'schema-bob')
  await withServer(alice, async ({ db }) => {
    await db.insertInto('zerodb.session').values({ owner: 'schema-alice', id: 's1', rev: 1, registers: '{}' }).execute()
    expect(await db.selectFrom('zerodb.session').select(['owner', 'id', 'rev', 'registers']).execute()).toEqual([
      { owner: 'schema-alice', id: 's1', rev: 1, registers: {} },
    ])
  })
  const server = await connectAs(bob)
  expect(await server.db.selectFrom('zerodb.session').selectAll().execute()).toEqual([])
  await expect(
    server.db.insertInto('zerodb.session').values({ owner: 'schema-alice', id: 's2', rev: 2, registers: '{}' }).execute(),
  ).rejects.toThrow('row-level security')
  expect((await sql`show search_path`.execute(server.db)).rows).toEqual([{ search_path: 'pg_catalog' }])
  await server.close()
})
