import type { Expr, Role } from 'ainative-code'
import { type Access, readText, type StoredText } from '../sqlite/index.ts'
import { type Count, counterOf, toFts } from './match.ts'
import { partText } from './part-text.ts'
import { prepare } from './prepare.ts'
import type { Query } from './query.ts'

/** Where words are looked for. */
export type Within = 'all' | 'title' | 'content' | 'tools'

export interface Scope {
  /** Which sessions. */
  where: Expr
  /** Of whom; empty for all. */
  roles: readonly Role[]
  within: Within
  signal: AbortSignal
  /** How many messages are looked at, the newest first, where it is another number than usual. */
  most?: number
}

/** A message that holds the words. */
export interface Candidate {
  pk: number
  session: number
  role: Role
  time: number
}

/** A session whose title does. */
export interface TitleCandidate {
  session: number
  title: string
  time: number
}

export interface Candidates {
  messages: Candidate[]
  titles: TitleCandidate[]
  /** There are more, older ones. */
  more: boolean
}

/** As many messages, the newest, are looked at: more would not change what a person sees first, and take longer than a person waits. */
const MOST = 20_000
/** As many are read where the index alone cannot tell. */
const MOST_READ = 10_000

/** What the index leads to. */
export function findCandidates(access: Access, query: Query, scope: Scope): Candidates {
  const { exact } = toFts(query)
  const count = counterOf(query)
  const check = exact && ['all', 'title'].includes(scope.within) ? undefined : count
  const titles = looksAtTitles(scope) ? findTitles(access, query, scope, count) : []
  if (scope.within === 'title') return { messages: [], titles, more: false }
  return { titles, ...findMessages(access, query, scope, check) }
}

/** A title is nobody's message. */
export const looksAtTitles = ({ within, roles }: Scope) => roles.length === 0 && (within === 'all' || within === 'title')

function findTitles({ connection, sessions }: Access, query: Query, { where }: Scope, count: Count): TitleCandidate[] {
  const { fts } = toFts(query)
  const { sql, parameters } = sessions(where)
  const rows = connection
    .prepare(
      `select s.pk as session, s.title, s.updated_at as time from search_index f join sessions s on s.pk = -f.rowid
       where f.search_index match ? and f.rowid < 0 and exists (${sql} and sessions.pk = s.pk) order by f.rowid limit ${MOST}`,
    )
    .all(fts, ...parameters) as { session: number; title: StoredText; time: number }[]
  return rows.map((row) => ({ ...row, title: readText(row.title) })).filter(({ title }) => count(prepare(title)))
}

function findMessages({ connection, sessions }: Access, query: Query, scope: Scope, check: Count | undefined) {
  const { fts } = toFts(query)
  const { sql, parameters } = sessions(scope.where)
  const most = scope.most ?? (check ? MOST_READ : MOST)
  const roles = scope.roles.map((role) => `'${role}'`).join(', ')
  const rows = connection
    .prepare(
      `select m.pk, m.session, m.role, m.created_at as time${check ? ', m.content, m.parts' : ''}
       from search_index f cross join messages m on m.pk = f.rowid
       where f.search_index match ? and f.rowid > 0 and m.hidden is null ${roles && `and m.role in (${roles})`} and exists (${sql} and sessions.pk = m.session)
       order by f.rowid desc limit ${most + 1}`,
    )
    .iterate(fts, ...parameters) as IterableIterator<Candidate & { content: StoredText; parts: string | null }>
  const messages: Candidate[] = []
  let read = 0
  for (const { content, parts, ...candidate } of rows) {
    if (++read > most) return { messages, more: true }
    if (!check || check(preparedText(scope.within, candidate.role, readText(content), parts))) messages.push(candidate)
  }
  return { messages, more: false }
}

/** The part of a message in which words are looked for. What a tool answered is a message of its own in some histories. */
export function preparedText(within: Within, role: Role, content: string, parts: string | null): string {
  const isTool = role === 'tool'
  const texts = [
    ...((isTool ? within !== 'content' : within !== 'tools') ? [content] : []),
    ...(within !== 'content' ? [partText(parts)] : []),
  ]
  return texts.map(prepare).join(' ¶ ')
}

/** The ids of sessions. */
export const idsOf = ({ connection }: Access, sessions: readonly number[]) =>
  connection
    .prepare('select id from sessions where pk in (select value from json_each(?))')
    .pluck()
    .all(JSON.stringify(sessions)) as string[]
