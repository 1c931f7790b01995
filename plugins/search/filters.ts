import { dateFlag, type Expr, nearest, notFound, ROLES, type Role, toExpr, usage } from 'ainative-code'
import type { Filter, Query } from './query.ts'

/** What the filters within a query, such as `tag:go`, ask of sessions and messages. */
export function readFilters(filters: Query['filters']): { where: Expr[]; roles: Role[] } {
  const where: Expr[] = []
  const roles: Role[] = []
  for (const { name, value, minus } of filters) {
    if (name === 'role') roles.push(...(minus ? ROLES.filter((each) => each !== roleOf(value)) : [roleOf(value)]))
    else where.push(minus ? { not: conditionOf(name, value) } : conditionOf(name, value))
  }
  return { where, roles }
}

/** The role that a word names; what people call it elsewhere is understood too. */
export function roleOf(word: string): Role {
  const role = ROLES.find((each) => each === word.toLowerCase())
  if (role) return role
  const close = nearest(word.toLowerCase(), ROLES)
  throw usage(notFound('role', word), close ? `did you mean ${close}?` : `the roles are ${ROLES.join(', ')}`)
}

function conditionOf(name: Exclude<Filter, 'role'>, value: string): Expr {
  if (name === 'title') return { titleHolds: value }
  // Without the one of a selection, which leaves out the trash.
  const { and } = toExpr(
    name === 'since' || name === 'until' ? { [name]: momentOf(name, value) } : { [name]: name === 'tag' ? [value] : value },
  ) as { and: Expr[] }
  return { and: and.filter((each) => !('trashed' in each)) }
}

function momentOf(name: string, value: string) {
  const { data, error } = dateFlag().safeParse(value)
  if (error) throw usage(`${name}: ${error.issues[0]?.message ?? 'it is no date'}, not ${JSON.stringify(value)}`)
  return data
}
