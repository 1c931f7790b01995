import { createPace, isoTime, type Role, rowTime } from 'ainative-code'
import { type Access, readText, type StoredText } from '../sqlite/index.ts'
import { type Candidates, findCandidates, preparedText, type Scope } from './candidates.ts'
import { matchCounter } from './count-matches.ts'
import { partText } from './part-text.ts'
import { prepare } from './prepare.ts'
import type { Query, Term } from './query.ts'
import { estimateScore, scoreText, sessionScore, WEIGHTS } from './rank.ts'
import { type Snippet, snippetOf } from './snippet.ts'

/** A message that matches, or the title of a session, for which `message` and `seq` are null. */
export interface Match extends Snippet {
  message: string | null
  seq: number | null
  role: Role | 'title'
  timestamp: string
}

/** A session that matches, with its best matches first. */
export interface Hit {
  id: string
  /** The number of messages that match; the title counts as one. */
  hits: number
  score: number
  matches: Match[]
}

/** The result of a search. */
export interface FoundSessions {
  hits: Hit[]
  /** The number of sessions that match, which may be more than `hits`. */
  sessions: number
  /** True if older messages match too, but were not ranked. */
  more: boolean
}

/** The number of sessions to rank by their messages, per session to return. */
const RANKED_FACTOR = 4
const MIN_RANKED = 60

interface Group {
  session: number
  title?: string
  roles: Set<Role | 'title'>
  messages: Candidates['messages']
  hits: number
  newest: number
}

/** The time between two checks of the abort signal, in milliseconds. */
const PACE_MS = 8

/** The order and the size of a result. */
export interface Order {
  sort: 'rank' | 'date'
  /** The maximum number of sessions. */
  limit: number
  /** The maximum number of matches per session. */
  matches: number
}

/** Finds the sessions that match, best or newest first. Rejects after an abort of the scope's signal. */
export async function find(access: Access, query: Query, scope: Scope, { sort, limit, matches }: Order): Promise<FoundSessions> {
  const candidates = findCandidates(access, query, scope)
  const groups = groupBySession(candidates)
  groups.sort(
    sort === 'date'
      ? (a, b) => b.newest - a.newest
      : (a, b) => estimateScore(b.roles, b.hits) - estimateScore(a.roles, a.hits) || b.newest - a.newest,
  )
  const isQuick = sort === 'date' || scope.maxMessages !== undefined
  const chosen = groups.slice(0, isQuick ? limit : Math.max(MIN_RANKED, RANKED_FACTOR * limit))
  const read = reader(access, query, scope, matches)
  const hits = await mapPaced(chosen, scope, (group) => ({ group, hit: read(group) }))
  if (sort === 'rank') hits.sort((a, b) => b.hit.score - a.hit.score || b.group.newest - a.group.newest)
  const best = await mapPaced(hits.slice(0, limit), scope, ({ hit }) => hit.build())
  return { hits: best, sessions: groups.length, more: candidates.more }
}

async function mapPaced<T, R>(items: readonly T[], { signal }: Scope, change: (item: T) => R): Promise<R[]> {
  const pause = createPace(PACE_MS)
  const results: R[] = []
  for (const item of items) {
    results.push(change(item))
    const pausing = pause()
    if (!pausing) continue
    await pausing
    signal.throwIfAborted()
  }
  return results
}

function groupBySession({ messages, titles }: Candidates): Group[] {
  const groups = new Map<number, Group>()
  const of = (session: number) => {
    const group = groups.get(session) ?? { session, roles: new Set(), messages: [], hits: 0, newest: 0 }
    groups.set(session, group)
    return group
  }
  const add = (group: Group, role: Role | 'title', time: number) => {
    group.roles.add(role)
    group.hits++
    group.newest = Math.max(group.newest, time)
  }
  for (const { session, title, time } of titles) add(Object.assign(of(session), { title }), 'title', time)
  for (const message of messages) {
    const group = of(message.session)
    add(group, message.role, message.time)
    group.messages.push(message)
  }
  return [...groups.values()]
}

interface Row {
  id: StoredText
  seq: number
  role: Role
  content: StoredText
  parts: string | null
  created_at: number
}

/** Creates a function that scores the messages of a session. The snippets are built only for the matches that are returned. */
function reader({ connection }: Access, query: Query, scope: Scope, matches: number) {
  const session = connection.prepare('select id, created_at from sessions where pk = ?')
  const message = connection.prepare('select id, seq, role, content, parts, created_at from messages where pk = ?')
  const count = matchCounter(query)
  const terms = query.all.flat()
  return (group: Group) => {
    const scored: { score: number; build(): Match }[] = []
    const { id, created_at } = session.get(group.session) as { id: string; created_at: number }
    if (group.title !== undefined) {
      const { title } = group
      const score = scoreText('title', count(prepare(title)) ?? [], title.length)
      scored.push({
        score,
        build: () => ({ message: null, seq: null, role: 'title', timestamp: rowTime(isoTime(created_at)), ...snippetOf(title, terms) }),
      })
    }
    for (const { pk } of likeliest(group.messages)) scored.push(scoredMessage(message.get(pk) as Row, scope, count, terms))
    scored.sort((a, b) => b.score - a.score)
    const score = sessionScore(scored[0]?.score ?? 0, group.hits)
    return { score, build: (): Hit => ({ id, hits: group.hits, score, matches: scored.slice(0, matches).map(({ build }) => build()) }) }
  }
}

/** The number of messages per session to read and score. */
const READ_PER_SESSION = 8

/** The messages that probably score best: those of the user first, then the newest. */
const likeliest = (messages: Candidates['messages']) =>
  [...messages].sort((a, b) => WEIGHTS[b.role] - WEIGHTS[a.role] || b.pk - a.pk).slice(0, READ_PER_SESSION)

function scoredMessage(row: Row, { within }: Scope, count: ReturnType<typeof matchCounter>, terms: Term[]) {
  const content = readText(row.content)
  const { role } = row
  const inContent = count(prepare(content))
  const contentScore = inContent && within !== 'tools' ? scoreText(role, inContent, content.length) : 0
  const all = count(preparedText(within, role, content, row.parts)) ?? []
  const text = () => (contentScore > 0 || !row.parts ? content : `${within === 'tools' ? '' : `${content}\n`}${partText(row.parts)}`)
  return {
    score: contentScore || scoreText('tool', all, content.length + (row.parts?.length ?? 0)),
    build: (): Match => ({
      message: readText(row.id),
      seq: row.seq,
      role,
      timestamp: rowTime(isoTime(row.created_at)),
      ...snippetOf(text(), terms),
    }),
  }
}
