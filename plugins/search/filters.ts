import { dateFlag, type Expr, nearest, ROLES, type Role, toExpr, usage } from 'ainative-code'
import type { Query } from './query.ts'

/** What the filters within a query, such as `tag:go`, ask of sessions and messages. */
export function readFilters(filters: Query['filters']): { where: Expr[]; roles: Role[] } {
  const where: Expr[] = []
  const roles: Role[] = []
  for (const { name, value } of filters) {
    if (name === 'role') roles.push(roleOf(value))
    else if (name === 'title') where.push({ titleHolds: value })
    else if (name === 'since' || name === 'until') where.push(toExpr({ [name]: momentOf(name, value) }))
    else where.push(toExpr({ [name]: name === 'tag' ? [value] : value }))
  }
  return { where, roles }
}

/** The role that a word names; what people call it elsewhere is understood too. */
export function roleOf(word: string): Role {
  const role = ROLES.find((each) => each === word.toLowerCase())
  if (role) return role
  const close = nearest(word.toLowerCase(), ROLES)
  throw usage(`there is no role ${JSON.stringify(word)}`, close ? `did you mean ${close}?` : `the roles are ${ROLES.join(', ')}`)
}

function momentOf(name: string, value: string) {
  const { data, error } = dateFlag().safeParse(value)
  if (error) throw usage(`${name}: ${error.issues[0]?.message ?? 'it is no date'}, not ${JSON.stringify(value)}`)
  return data
}
