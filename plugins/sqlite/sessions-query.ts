import type { Expr } from 'ainative-code'
import type { Kysely } from 'kysely'
import { toSql } from './plan.ts'
import type { Schema } from './schema.ts'

/** The sessions of a condition, for a plugin that writes SQL of its own. */
export const sessionsQuery = (db: Kysely<Schema>, where: Expr) =>
  db
    .selectFrom('sessions')
    .select('sessions.pk')
    .where('staged', 'is', null)
    .where((eb) => toSql(eb, where))
    .compile()
