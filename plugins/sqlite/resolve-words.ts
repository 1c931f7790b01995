import { type Expr, type Host, Problem } from 'ainative-code'
import { sqliteHooks } from './hooks.ts'

/** Replaces each `holds` in a condition with the ids of the sessions that contain its words. Throws a Problem if no plugin can search. */
export async function resolveWords(host: Host, where: Expr): Promise<Expr> {
  if ('and' in where) return { and: await resolveAll(host, where.and) }
  if ('or' in where) return { or: await resolveAll(host, where.or) }
  if ('not' in where) return { not: await resolveWords(host, where.not) }
  if (!('holds' in where)) return where
  const ids = await sqliteHooks(host).holding.promise(where.holds)
  if (!ids) throw new Problem('no-search', 'no plugin can search for words', { hint: 'enable the plugin search' })
  return { ids }
}

const resolveAll = (host: Host, parts: Expr[]): Promise<Expr[]> => Promise.all(parts.map((each) => resolveWords(host, each)))
