import { dateFlag, type Expr, notFound, ROLES, type Role, suggestion, toExpr, usage } from 'ainative-code'
import type { Filter, Query } from './query.ts'

/**
 * Converts the filters in a query, such as `tag:go`, to conditions on sessions and roles of messages. Throws a Problem for an invalid
 * value.
 */
export function readFilters(filters: Query['filters']): { where: Expr[]; roles: Role[] } {
  const where: Expr[] = []
  const roles: Role[] = []
  for (const { name, value, minus } of filters) {
    if (name === 'role') roles.push(...(minus ? ROLES.filter((each) => each !== roleOf(value)) : [roleOf(value)]))
    else where.push(minus ? { not: conditionOf(name, value) } : conditionOf(name, value))
  }
  return { where, roles }
}

/** The role that a word names, in any case. Throws a Problem if there is no such role. */
export function roleOf(word: string): Role {
  const role = ROLES.find((each) => each === word.toLowerCase())
  if (role) return role
  throw usage(notFound('role', word), suggestion(word.toLowerCase(), ROLES))
}

function conditionOf(name: Exclude<Filter, 'role'>, value: string): Expr {
  if (name === 'title') return { titleHolds: value }
  // toExpr() adds the condition that excludes the trash; the caller has its own.
  const { and } = toExpr(
    name === 'since' || name === 'until' ? { [name]: momentOf(name, value) } : { [name]: name === 'tag' ? [value] : value },
  ) as { and: Expr[] }
  return { and: and.filter((each) => !('trashed' in each)) }
}

function momentOf(name: string, value: string) {
  const { data, error } = dateFlag().safeParse(value)
  if (error) throw usage(`${name}: ${error.issues[0]?.message ?? 'expected a date'}, not ${JSON.stringify(value)}`)
  return data
}
