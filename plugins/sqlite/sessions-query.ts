import type { Expr } from 'ainative-code'
import type { Kysely } from 'kysely'
import { toSql } from './plan.ts'
import type { Schema } from './schema.ts'

/** Compiles the query for the keys of the sessions that match a condition; a plugin embeds the query in its own SQL. */
export const sessionsQuery = (db: Kysely<Schema>, where: Expr) =>
  db
    .selectFrom('sessions')
    .select('sessions.pk')
    .where('staged', 'is', null)
    .where((eb) => toSql(eb, where))
    .compile()
