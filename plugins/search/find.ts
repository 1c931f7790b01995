import { createPace, isoTime, type Role, rowTime } from 'ainative-code'
import { type Access, readText, type StoredText } from '../sqlite/index.ts'
import { type Candidates, findCandidates, preparedText, type Scope } from './candidates.ts'
import { counterOf } from './match.ts'
import { partText } from './part-text.ts'
import { prepare } from './prepare.ts'
import type { Query, Term } from './query.ts'
import { guess, scoreOf, sessionScore, WEIGHTS } from './rank.ts'
import { type Snippet, snippetOf } from './snippet.ts'

/** A message of a session that holds the words, or its title, which has no message. */
export interface Match extends Snippet {
  message: string | null
  seq: number | null
  role: Role | 'title'
  timestamp: string
}

/** What was found in one session; its best matches first. */
export interface Hit {
  id: string
  /** How many of its messages hold the words; its title counts as one. */
  hits: number
  score: number
  matches: Match[]
}

export interface Found {
  hits: Hit[]
  /** How many sessions hold the words. */
  sessions: number
  /** Older messages that hold the words were not looked at. */
  more: boolean
}

/** Sessions that are ranked by what their messages say, for each one that is shown. */
const RANKED = 4
const LEAST_RANKED = 60

interface Group {
  session: number
  title?: string
  roles: Set<Role | 'title'>
  messages: Candidates['messages']
  hits: number
  newest: number
}

/** How long results are worked on before a signal is heard, in milliseconds. */
const PACE_MS = 8

export interface Order {
  sort: 'rank' | 'date'
  /** Sessions, at most. */
  limit: number
  /** Matches that are given for each session, at most. */
  matches: number
}

/** The sessions that hold the words, best or newest first. Rejects once the scope's signal is aborted. */
export async function find(access: Access, query: Query, scope: Scope, { sort, limit, matches }: Order): Promise<Found> {
  const candidates = findCandidates(access, query, scope)
  const groups = groupBySession(candidates)
  groups.sort(
    sort === 'date' ? (a, b) => b.newest - a.newest : (a, b) => guess(b.roles, b.hits) - guess(a.roles, a.hits) || b.newest - a.newest,
  )
  const isQuick = sort === 'date' || scope.most !== undefined
  const chosen = groups.slice(0, isQuick ? limit : Math.max(LEAST_RANKED, RANKED * limit))
  const read = reader(access, query, scope, matches)
  const hits = await mapPaced(chosen, scope, (group) => ({ group, hit: read(group) }))
  if (sort === 'rank') hits.sort((a, b) => b.hit.score - a.hit.score || b.group.newest - a.group.newest)
  const best = await mapPaced(hits.slice(0, limit), scope, ({ hit }) => hit.tell())
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

/** Reads the matches of a session; their snippets are made when they are told. */
function reader({ connection }: Access, query: Query, scope: Scope, matches: number) {
  const session = connection.prepare('select id, created_at from sessions where pk = ?')
  const message = connection.prepare('select id, seq, role, content, parts, created_at from messages where pk = ?')
  const count = counterOf(query)
  const terms = query.all.flat()
  return (group: Group) => {
    const scored: { score: number; tell(): Match }[] = []
    const { id, created_at } = session.get(group.session) as { id: string; created_at: number }
    if (group.title !== undefined) {
      const { title } = group
      const score = scoreOf('title', count(prepare(title)) ?? [], title.length)
      scored.push({
        score,
        tell: () => ({ message: null, seq: null, role: 'title', timestamp: rowTime(isoTime(created_at)), ...snippetOf(title, terms) }),
      })
    }
    for (const { pk } of firstOf(group.messages)) scored.push(scoredMessage(message.get(pk) as Row, scope, count, terms))
    scored.sort((a, b) => b.score - a.score)
    const score = sessionScore(scored[0]?.score ?? 0, group.hits)
    return { score, tell: (): Hit => ({ id, hits: group.hits, score, matches: scored.slice(0, matches).map(({ tell }) => tell()) }) }
  }
}

/** Messages of one session that are read. */
const READ = 8

/** Those of the person first, then the newest: the best are among them in most cases. */
const firstOf = (messages: Candidates['messages']) =>
  [...messages].sort((a, b) => WEIGHTS[b.role] - WEIGHTS[a.role] || b.pk - a.pk).slice(0, READ)

function scoredMessage(row: Row, { within }: Scope, count: ReturnType<typeof counterOf>, terms: Term[]) {
  const content = readText(row.content)
  const { role } = row
  const inContent = count(prepare(content))
  const own = inContent && within !== 'tools' ? scoreOf(role, inContent, content.length) : 0
  const all = count(preparedText(within, role, content, row.parts)) ?? []
  const text = () => (own > 0 || !row.parts ? content : `${within === 'tools' ? '' : `${content}\n`}${partText(row.parts)}`)
  return {
    score: own || scoreOf('tool', all, content.length + (row.parts?.length ?? 0)),
    tell: (): Match => ({
      message: readText(row.id),
      seq: row.seq,
      role,
      timestamp: rowTime(isoTime(row.created_at)),
      ...snippetOf(text(), terms),
    }),
  }
}
