import type { Expr } from 'ainative-code'
import sql from 'sql-template-tag'
import { toSql } from './plan.ts'

/** Builds the query for the keys of the sessions that match a condition; a plugin embeds the query in its own SQL. */
export function sessionsQuery(where: Expr): { sql: string; parameters: readonly unknown[] } {
  const query = sql`select sessions.pk from sessions where staged is null and ${toSql(where)}`
  return { sql: query.sql, parameters: query.values }
}
