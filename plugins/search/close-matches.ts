import { type Access, type Connection, yieldToEvents } from '../sqlite/index.ts'
import { findCandidates, idsOf, type Scope } from './candidates.ts'
import { type FoundSessions, find, type Order } from './find.ts'
import { fold } from './fold.ts'
import { toFts } from './fts-query.ts'
import type { Query, Term } from './query.ts'

/** The matches of a changed query, for a query without exact matches. */
export interface CloseMatches {
  /** The difference between the changed query and the original, such as `without foo`; shown to the user. */
  difference: string
  found: FoundSessions
}

/**
 * Searches with changed queries until one has matches: words in different messages of a session, words within one edit, other forms of
 * the words, fewer words. Returns undefined if none has matches.
 */
export async function findCloseMatches(access: Access, query: Query, scope: Scope, order: Order): Promise<CloseMatches | undefined> {
  for (const attempt of attempts(access, query, scope)) {
    await yieldToEvents()
    scope.signal.throwIfAborted()
    const result = attempt && (await find(access, attempt.query, { ...scope, ...attempt.scope }, order))
    if (attempt && result && result.hits.length > 0) return { difference: attempt.difference, found: result }
  }
  return undefined
}

function* attempts(access: Access, query: Query, scope: Scope): Generator<Attempt | undefined> {
  yield acrossMessages(access, query, scope)
  yield withCorrections(access.connection, query)
  yield withOtherForms(query)
  yield* withFewerWords(access.connection, query)
}

interface Attempt {
  query: Query
  scope?: Partial<Scope>
  difference: string
}

/** The maximum number of words to search for one by one. */
const MAX_SPREAD_WORDS = 8

/** Limits the search to sessions that contain every word in some message, and accepts any of the words in a message. */
function acrossMessages(access: Access, query: Query, scope: Scope): Attempt | undefined {
  if (query.all.length < 2 || query.all.length > MAX_SPREAD_WORDS) return undefined
  let common: Set<number> | undefined
  for (const terms of query.all) {
    const { messages, titles } = findCandidates(access, { ...query, all: [terms] }, scope)
    const withTerm = new Set([...messages, ...titles].map(({ session }) => session))
    common = common ? new Set([...common].filter((each) => withTerm.has(each))) : withTerm
    if (common.size === 0) return undefined
  }
  const where = { and: [scope.where, { ids: idsOf(access, [...(common ?? [])]) }] }
  return { query: { ...query, all: [query.all.flat()] }, scope: { where }, difference: 'words in different messages of a session' }
}

/** Matches the longest ending of an English word after at least four letters. */
const ENDING = /(?<=^[a-z]{4,})(?:ications?|izations?|ations?|ators?|ated|ating|ates?|ings?|ers?|ions?|ed|es|s|e|y)$/

/** Replaces words with their stems: `caching` finds `cached`. */
function withOtherForms(query: Query): Attempt | undefined {
  const stems: string[] = []
  const all = query.all.map((terms) =>
    terms.map((term) => {
      const [word = ''] = term.words
      const stem = word.replace(ENDING, '')
      if (term.words.length !== 1 || term.prefix || word.length < 4) return term
      stems.push(`${stem}*`)
      return { ...term, words: [stem], prefix: true }
    }),
  )
  return stems.length > 0 ? { query: { ...query, all }, difference: `other forms: ${stems.join(' ')}` } : undefined
}

/** Counts the rows of the index that contain a term, up to COMMON. */
type Frequency = (term: Term) => number

function frequencyIn(connection: Connection): Frequency {
  const count = connection.prepare(`select count(*) from (select 1 from search_index where search_index match ? limit ${COMMON})`).pluck()
  return (term) => count.get(toFts({ all: [[term]], none: [] }).fts) as number
}

/** The count at which counting stops. */
const COMMON = 1000

/** The maximum number of unknown words to correct: each correction takes hundreds of index queries. */
const MAX_CORRECTIONS = 4

const mayBeTypo = ({ words: [word = '', ...more], prefix }: Term) => more.length === 0 && !prefix && word.length >= 4 && word.length <= 30

/** Replaces each word that is not in the index with the most common word within one edit. */
function withCorrections(connection: Connection, query: Query): Attempt | undefined {
  const frequency = frequencyIn(connection)
  const changes: string[] = []
  let unknown = 0
  const all = query.all.map((terms) =>
    terms.map((term) => {
      const [word = ''] = term.words
      if (!mayBeTypo(term) || unknown >= MAX_CORRECTIONS || frequency(term) > 0) return term
      unknown++
      const better = mostCommon(wordsWithinOneEdit(word), frequency)
      if (!better) return term
      changes.push(better)
      return { ...term, words: [better] }
    }),
  )
  return changes.length > 0 ? { query: { ...query, all }, difference: `did you mean ${changes.join(' ')}?` } : undefined
}

function mostCommon(words: Iterable<string>, frequency: Frequency): string | undefined {
  let best: { word: string | undefined; count: number } = { word: undefined, count: 0 }
  for (const word of words) {
    const count = frequency({ typed: word, words: [word], prefix: false })
    if (count > best.count) best = { word, count }
  }
  return best.word
}

const ALPHABETS: [script: RegExp, letters: string][] = [
  [/\p{sc=Latin}|\d/u, 'abcdefghijklmnopqrstuvwxyz0123456789'],
  [/\p{sc=Cyrillic}/u, 'абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ'],
  [/\p{sc=Greek}/u, 'αβγδεζηθικλμνξοπρστυφχψω'],
]

/** Generates every word that results from one deletion, transposition, replacement or insertion, in the form of the index. */
function wordsWithinOneEdit(word: string): Set<string> {
  const characters = [...word]
  const letters = new Set(ALPHABETS.filter(([script]) => script.test(word)).flatMap(([, each]) => [...fold(each)]))
  const words = new Set<string>()
  const add = (from: number, to: number, middle: string) =>
    words.add(characters.slice(0, from).join('') + middle + characters.slice(to).join(''))
  for (let i = 0; i <= characters.length; i++) {
    if (i < characters.length) add(i, i + 1, '')
    if (i + 1 < characters.length) add(i, i + 2, `${characters[i + 1]}${characters[i]}`)
    for (const letter of letters) {
      if (i < characters.length) add(i, i + 1, letter)
      add(i, i, letter)
    }
  }
  words.delete(word)
  return words
}

/** Yields the query without the words that are not in the index, then without the rarest remaining word, and so on. */
function* withFewerWords(connection: Connection, query: Query): Generator<Attempt> {
  if (query.all.length < 2) return
  const frequency = frequencyIn(connection)
  const groups = query.all.map((terms) => ({ terms, rows: terms.reduce((sum, term) => sum + frequency(term), 0) }))
  const frequent = groups.filter(({ rows }) => rows > 0)
  const byRows = [...frequent].sort((a, b) => a.rows - b.rows)
  while (byRows.length > 0) {
    const remaining = frequent.filter((each) => byRows.includes(each))
    if (remaining.length < groups.length) {
      const dropped = groups.filter((each) => !remaining.includes(each)).flatMap(({ terms }) => terms.map(({ typed }) => typed))
      yield { query: { ...query, all: remaining.map(({ terms }) => terms) }, difference: `without ${dropped.join(' ')}` }
    }
    byRows.shift()
  }
}
