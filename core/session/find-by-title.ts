import type { Expr, Plan } from '../contract/plan.ts'
import type { Session } from '../contract/session.ts'
import type { Store } from '../contract/store.ts'
import { nearest } from '../kernel/nearest.ts'
import { Problem } from '../kernel/problem.ts'
import { localTime } from './dates.ts'
import type { Scope, Titles } from './scope.ts'
import { LONGEST, quoted, titleInLine } from './short-text.ts'

const SHOWN = 10

/** Returns the id of the session with this title; `titles` determines whether the case may differ. Throws a Problem if several sessions match. */
export async function idByTitle(store: Store, title: string, scope: Scope, titles: Titles): Promise<string | undefined> {
  if (title.trim() === '' || titles === 'none') return undefined
  const exact = await first(store, scope, { title }, () => true)
  const found = exact.length > 0 || titles === 'exact' ? exact : await first(store, scope, { titleHolds: title }, isTitled(title))
  if (found.length < 2) return found[0]?.id
  const list = found.slice(0, SHOWN).map(({ id, created_at, title: each }) => `\n  ${id}  ${localTime(created_at)}  ${titleInLine(each)}`)
  throw new Problem(
    'ambiguous',
    `several sessions have the title ${quoted(title)}:${list.join('')}${found.length > SHOWN ? '\n  …' : ''}`,
    {
      hint: 'use the id of one of them',
    },
  )
}

/** Returns up to SHOWN + 1 matching sessions, the last updated first. */
async function first(store: Store, scope: Scope, where: Expr, test: (session: Session) => boolean): Promise<Session[]> {
  const found: Session[] = []
  const plan: Plan = { where: { and: [{ trashed: scope === 'trash' }, where] }, sort: 'updated' }
  for await (const session of store.list(plan)) if (test(session) && found.push(session) > SHOWN) break
  return found
}

const fold = (title: string) => title.toWellFormed().normalize('NFC').toLowerCase().toUpperCase()

function isTitled(title: string): (session: Session) => boolean {
  const folded = fold(title)
  return (session) => fold(session.title) === folded
}

/** Returns the id of the session used last, or in the trash of the session deleted last. Throws a Problem if there is none. */
export async function lastId(store: Store, scope: Scope): Promise<string> {
  const session = scope === 'trash' ? await lastDeleted(store) : await lastUsed(store)
  if (session) return session.id
  throw new Problem('no-session', scope === 'trash' ? 'there is no last session: the trash is empty' : 'there is no last session yet', {
    hint: scope === 'trash' ? undefined : 'ainative-code chat starts one',
  })
}

async function lastUsed(store: Store): Promise<Session | undefined> {
  for (const sort of ['activated', 'updated'] as const)
    for await (const session of store.list({ where: { trashed: false }, sort, limit: 1 })) return session
  return undefined
}

async function lastDeleted(store: Store): Promise<Session | undefined> {
  const last: Session[] = []
  for await (const session of store.list({ where: { trashed: true }, sort: 'deleted', limit: SHOWN + 1 })) {
    if (last[0] && session.deleted_at !== last[0].deleted_at) break
    last.push(session)
  }
  if (last.length < 2) return last[0]
  const shown = last.slice(0, SHOWN).map(({ id, title }) => `\n  ${id}  ${titleInLine(title)}`)
  throw new Problem('ambiguous', `several sessions were deleted last:${shown.join('')}${last.length > SHOWN ? '\n  …' : ''}`, {
    hint: 'use the id of one of them',
  })
}

/** The number of titles that nearestTitle compares. */
const COMPARED = 1000

/** Returns the title that is most similar to a mistyped one, among the sessions updated last. */
export async function nearestTitle(store: Store, word: string, scope: Scope): Promise<string | undefined> {
  if (word.trim() === '' || word.length > LONGEST) return undefined
  const titles = new Map<string, string>()
  for await (const { title } of store.list({ where: { trashed: scope === 'trash' }, sort: 'updated', limit: COMPARED }))
    if (title.length <= LONGEST && !titles.has(fold(title))) titles.set(fold(title), title)
  return titles.get(nearest(fold(word), titles.keys()) ?? '')
}
