import { type Host, type Message, rowTime, type Session, stringifyJson } from 'ainative-code'
import { includesTitles, preparedText, type Scope } from './candidates.ts'
import { type CountMatches, matchCounter } from './count-matches.ts'
import type { FoundSessions, Match } from './find.ts'
import { partText } from './part-text.ts'
import { prepare } from './prepare.ts'
import type { Query, Term } from './query.ts'
import { MAX_MATCHES, scoreText, sessionScore } from './rank.ts'
import { snippetOf } from './snippet.ts'

/** The maximum number of characters to read; older sessions beyond this limit are not searched. */
const MAX_CHARACTERS = 50_000_000

interface Scored {
  score: number
  match: Match
}

/** Searches a store without an index by reading its sessions, newest first. */
export async function scanSessions(
  host: Host,
  query: Query,
  scope: Scope,
  { sort, limit, maxCharacters = MAX_CHARACTERS }: { sort: 'rank' | 'date'; limit: number; maxCharacters?: number },
): Promise<FoundSessions> {
  const store = await host.store()
  const count = matchCounter(query)
  const terms = query.all.flat()
  const sessions: { session: Session; scored: Scored[] }[] = []
  let left = maxCharacters
  for await (const session of store.list({ where: scope.where })) {
    const scored = includesTitles(scope) ? titleMatch(session, count, terms) : []
    for await (const page of store.messages(session, { visible: true })) {
      scope.signal.throwIfAborted()
      for (const message of page) {
        left -= message.content.length
        scored.push(...messageMatch(message, scope, count, terms))
      }
    }
    if (scored.length > 0) sessions.push({ session, scored: scored.sort((a, b) => b.score - a.score) })
    if (left <= 0) break
  }
  const hits = sessions.map(({ session: { id }, scored }) => ({
    id,
    hits: scored.length,
    score: sessionScore(scored[0]?.score ?? 0, scored.length),
    matches: scored.slice(0, MAX_MATCHES).map(({ match }) => match),
  }))
  if (sort === 'rank') hits.sort((a, b) => b.score - a.score)
  return { hits: hits.slice(0, limit), sessions: hits.length, more: left <= 0 }
}

function titleMatch({ title, created_at }: Session, count: CountMatches, terms: Term[]): Scored[] {
  const counts = count(prepare(title))
  if (!counts) return []
  const match: Match = { message: null, seq: null, role: 'title', timestamp: rowTime(created_at), ...snippetOf(title, terms) }
  return [{ score: scoreText('title', counts, title.length), match }]
}

function messageMatch(
  { id, seq, role, content, parts, timestamp }: Message,
  { within, roles }: Scope,
  count: CountMatches,
  terms: Term[],
): Scored[] {
  if (within === 'title' || (roles.length > 0 && !roles.includes(role))) return []
  const json = parts ? stringifyJson(parts) : null
  const counts = count(preparedText(within, role, content, json))
  if (!counts) return []
  const text = json ? `${content}\n${partText(json)}` : content
  return [
    {
      score: scoreText(role, counts, text.length),
      match: { message: id, seq, role, timestamp: rowTime(timestamp), ...snippetOf(text, terms) },
    },
  ]
}
