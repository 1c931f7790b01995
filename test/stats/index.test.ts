import type { GroupKey, Totals } from 'ainative-code'
import { Kysely, SqliteDialect } from 'kysely'
import { expect, test } from 'vitest'
import { querySql } from '../../plugins/sqlite/aggregate.ts'
import type { Schema } from '../../plugins/sqlite/schema.ts'
import { NUMBERS } from '../../plugins/stats/numbers.ts'
import { makeHome } from '../helpers/cli.ts'
import { withDatabase } from '../helpers/database.ts'
import { sample, seed, talk } from '../helpers/seed.ts'

const KEYS: GroupKey[] = ['provider', 'model', 'project', 'tag', 'session', 'day', 'week', 'month', 'hour', 'weekday', 'role', 'finish']

test('no question reads the pages of messages', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk('a', 'b') }))
  withDatabase(home, (connection) => {
    const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: connection }) })
    for (const key of KEYS) {
      const question: Totals = {
        from: 'messages',
        where: { trashed: false },
        group: [key],
        aggregates: { ...NUMBERS, first: { min: 'time' } },
      }
      const { sql, parameters } = querySql(db, question).compile(db)
      const plan = connection.prepare(`explain query plan ${sql}`).all(parameters) as { detail: string }[]
      const ofMessages = plan.map(({ detail }) => detail).filter((detail) => /\b[mp] USING/.test(detail))
      expect(ofMessages, key).toHaveLength(2)
      for (const detail of ofMessages) expect(detail, key).toContain('COVERING INDEX messages_for_totals')
    }
  })
})

test('a database from before statistics gets its index at the next start', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk('a', 'b') }))
  const expected = await home.ok('session', 'stats')
  withDatabase(home, (db) => db.exec(`drop index messages_for_totals; delete from migrations where name = 'sqlite-0005-stats'`))
  expect(await home.ok('session', 'stats')).toBe(expected)
  expect(
    withDatabase(home, (db) => db.prepare(`select count(*) from sqlite_schema where name = 'messages_for_totals'`).pluck().get()),
  ).toBe(1)
})
