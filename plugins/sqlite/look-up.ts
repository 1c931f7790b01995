import { type Expr, type Host, Problem } from 'ainative-code'
import { sqliteHooks } from './hooks.ts'

/** A condition with the sessions that hold its words in the place of the words. */
export async function lookUp(host: Host, where: Expr): Promise<Expr> {
  if ('and' in where) return { and: await all(host, where.and) }
  if ('or' in where) return { or: await all(host, where.or) }
  if ('not' in where) return { not: await lookUp(host, where.not) }
  if (!('holds' in where)) return where
  const ids = await sqliteHooks(host).holding.promise(where.holds)
  if (!ids) throw new Problem('no-search', 'no plugin can search for words', { hint: 'the shipped plugin search does' })
  return { ids }
}

const all = (host: Host, parts: Expr[]): Promise<Expr[]> => Promise.all(parts.map((each) => lookUp(host, each)))
