import type { Expr, Role } from 'ainative-code'
import { type Access, readText, type StoredText } from '../sqlite/index.ts'
import { type CountMatches, matchCounter } from './count-matches.ts'
import { toFts } from './fts-query.ts'
import { partText } from './part-text.ts'
import { prepare } from './prepare.ts'
import type { Query } from './query.ts'

/** The texts to search: `tools` are tool calls and their results. */
export type SearchPart = 'all' | 'title' | 'content' | 'tools'

/** The sessions and messages to search. */
export interface Scope {
  /** The condition on sessions. */
  where: Expr
  /** The roles of the messages; empty for all. */
  roles: readonly Role[]
  within: SearchPart
  signal: AbortSignal
  /** The maximum number of messages to check, newest first; overrides the default. */
  maxMessages?: number
}

/** A message that contains the words. */
export interface Candidate {
  pk: number
  session: number
  role: Role
  time: number
}

/** A session whose title contains the words. */
export interface TitleCandidate {
  session: number
  title: string
  time: number
}

/** The messages and titles that match a query. */
export interface Candidates {
  messages: Candidate[]
  titles: TitleCandidate[]
  /** True if older messages match too. */
  more: boolean
}

/** The maximum number of messages to rank, newest first: further messages hardly change the first results, and take too long. */
const MAX_MESSAGES = 20_000
/** The maximum number of messages to read, for a query that the index alone cannot answer. */
const MAX_READ_MESSAGES = 10_000

/** Finds the messages and titles that match a query, through the index. */
export function findCandidates(access: Access, query: Query, scope: Scope): Candidates {
  const { exact } = toFts(query)
  const count = matchCounter(query)
  const check = exact && ['all', 'title'].includes(scope.within) ? undefined : count
  const titles = includesTitles(scope) ? findTitles(access, query, scope, count) : []
  if (scope.within === 'title') return { messages: [], titles, more: false }
  return { titles, ...findMessages(access, query, scope, check) }
}

/** True if a search includes titles. A search limited to roles does not: a title has no role. */
export const includesTitles = ({ within, roles }: Scope) => roles.length === 0 && (within === 'all' || within === 'title')

function findTitles({ connection, sessions }: Access, query: Query, { where }: Scope, count: CountMatches): TitleCandidate[] {
  const { fts } = toFts(query)
  const { sql, parameters } = sessions(where)
  const rows = connection
    .prepare(
      `select s.pk as session, s.title, s.updated_at as time from search_index f join sessions s on s.pk = -f.rowid
       where f.search_index match ? and f.rowid < 0 and exists (${sql} and sessions.pk = s.pk) order by f.rowid limit ${MAX_MESSAGES}`,
    )
    .all(fts, ...parameters) as { session: number; title: StoredText; time: number }[]
  return rows.map((row) => ({ ...row, title: readText(row.title) })).filter(({ title }) => count(prepare(title)))
}

function findMessages({ connection, sessions }: Access, query: Query, scope: Scope, check: CountMatches | undefined) {
  const { fts } = toFts(query)
  const { sql, parameters } = sessions(scope.where)
  const maxMessages = scope.maxMessages ?? (check ? MAX_READ_MESSAGES : MAX_MESSAGES)
  const roles = scope.roles.map((role) => `'${role}'`).join(', ')
  const rows = connection
    .prepare(
      `select m.pk, m.session, m.role, m.created_at as time${check ? ', m.content, m.parts' : ''}
       from search_index f cross join messages m on m.pk = f.rowid
       where f.search_index match ? and f.rowid > 0 and m.hidden is null ${roles && `and m.role in (${roles})`} and exists (${sql} and sessions.pk = m.session)
       order by f.rowid desc limit ${maxMessages + 1}`,
    )
    .iterate(fts, ...parameters) as IterableIterator<Candidate & { content: StoredText; parts: string | null }>
  const messages: Candidate[] = []
  let read = 0
  for (const { content, parts, ...candidate } of rows) {
    if (++read > maxMessages) return { messages, more: true }
    if (!check || check(preparedText(scope.within, candidate.role, readText(content), parts))) messages.push(candidate)
  }
  return { messages, more: false }
}

/**
 * The part of a message that `within` selects, in the form that `prepare` returns. The result of a tool can be a part of a message or a
 * separate message with the role `tool`. `parts` is JSON.
 */
export function preparedText(within: SearchPart, role: Role, content: string, parts: string | null): string {
  const isTool = role === 'tool'
  const texts = [
    ...((isTool ? within !== 'content' : within !== 'tools') ? [content] : []),
    ...(within !== 'content' ? [partText(parts)] : []),
  ]
  return texts.map(prepare).join(' ¶ ')
}

/** Reads the ids of sessions by their keys. */
export const idsOf = ({ connection }: Access, sessions: readonly number[]) =>
  connection
    .prepare('select id from sessions where pk in (select value from json_each(?))')
    .pluck()
    .all(JSON.stringify(sessions)) as string[]
