import type { Access, Connection } from '../sqlite/index.ts'
import { findCandidates, idsOf, type Scope } from './candidates.ts'
import { type Found, find, type Order } from './find.ts'
import { fold } from './fold.ts'
import { toFts } from './match.ts'
import type { Query, Term } from './query.ts'

/** What was searched for instead, where nothing holds all the words. */
export interface Close {
  /** For people: what differs from what was asked. */
  instead: string
  found: Found
}

/**
 * Looks for the words in different messages of a session, then for words within one edit, for other forms of them, and for fewer words;
 * undefined where that finds nothing either.
 */
export async function findClose(access: Access, query: Query, scope: Scope, order: Order): Promise<Close | undefined> {
  for (const changed of attempts(access, query, scope)) {
    // A signal is heard only between two of them.
    await new Promise((resolve) => setImmediate(resolve))
    scope.signal.throwIfAborted()
    const found = changed && (await find(access, changed.query, { ...scope, ...changed.scope }, order))
    if (changed && found && found.hits.length > 0) return { instead: changed.instead, found }
  }
  return undefined
}

function* attempts(access: Access, query: Query, scope: Scope): Generator<Attempt | undefined> {
  yield spread(access, query, scope)
  yield corrected(access.connection, query)
  yield otherForms(query)
  yield* fewerWords(access.connection, query)
}

interface Attempt {
  query: Query
  scope?: Partial<Scope>
  instead: string
}

/** Words of which each is looked for by itself; a longer text is hardly spread over messages. */
const MOST_SPREAD = 8

/** The sessions that hold each of the words in some message. */
function spread(access: Access, query: Query, scope: Scope): Attempt | undefined {
  if (query.all.length < 2 || query.all.length > MOST_SPREAD) return undefined
  let common: Set<number> | undefined
  for (const terms of query.all) {
    const { messages, titles } = findCandidates(access, { ...query, all: [terms] }, scope)
    const held = new Set([...messages, ...titles].map(({ session }) => session))
    common = common ? new Set([...common].filter((each) => held.has(each))) : held
    if (common.size === 0) return undefined
  }
  const where = { and: [scope.where, { ids: idsOf(access, [...(common ?? [])]) }] }
  return { query: { ...query, all: [query.all.flat()] }, scope: { where }, instead: 'each in another message of a session' }
}

/** Endings of English words, the longest first; what is left has at least four letters. */
const ENDING = /(?<=^[a-z]{4,})(?:ications?|izations?|ations?|ators?|ated|ating|ates?|ings?|ers?|ions?|ed|es|s|e|y)$/

/** Words without their endings: `caching` finds `cached`. */
function otherForms(query: Query): Attempt | undefined {
  const changed: string[] = []
  const all = query.all.map((terms) =>
    terms.map((term) => {
      const [word = ''] = term.words
      const stem = word.replace(ENDING, '')
      if (term.words.length !== 1 || term.prefix || word.length < 4) return term
      changed.push(`${stem}*`)
      return { ...term, words: [stem], prefix: true }
    }),
  )
  return changed.length > 0 ? { query: { ...query, all }, instead: `other forms: ${changed.join(' ')}` } : undefined
}

/** Tells in how many rows a word stands. */
type Frequency = (term: Term) => number

function frequencyIn(connection: Connection): Frequency {
  const count = connection.prepare(`select count(*) from (select 1 from search_index where search_index match ? limit ${COMMON})`).pluck()
  return (term) => count.get(toFts({ all: [[term]], none: [] }).fts) as number
}

/** Rows from which on a word is as common as any. */
const COMMON = 1000

/** Unknown words for which others are looked for: each takes hundreds of questions to the index. */
const MOST_CORRECTED = 4

const mayBeTypo = ({ words: [word = '', ...more], prefix }: Term) => more.length === 0 && !prefix && word.length >= 4 && word.length <= 30

/** Words that stand nowhere, each replaced by the most common one within one edit. */
function corrected(connection: Connection, query: Query): Attempt | undefined {
  const frequency = frequencyIn(connection)
  const changes: string[] = []
  let unknown = 0
  const all = query.all.map((terms) =>
    terms.map((term) => {
      const [word = ''] = term.words
      if (!mayBeTypo(term) || unknown >= MOST_CORRECTED || frequency(term) > 0) return term
      unknown++
      const better = mostCommon(edits(word), frequency)
      if (!better) return term
      changes.push(better)
      return { ...term, words: [better] }
    }),
  )
  return changes.length > 0 ? { query: { ...query, all }, instead: `did you mean ${changes.join(' ')}?` } : undefined
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

/** Every word that one deletion, exchange, change or insertion makes of a word, in the form of the index. */
function edits(word: string): Set<string> {
  const characters = [...word]
  const letters = new Set(ALPHABETS.filter(([script]) => script.test(word)).flatMap(([, each]) => [...fold(each)]))
  const found = new Set<string>()
  const add = (from: number, to: number, middle: string) =>
    found.add(characters.slice(0, from).join('') + middle + characters.slice(to).join(''))
  for (let i = 0; i <= characters.length; i++) {
    if (i < characters.length) add(i, i + 1, '')
    if (i + 1 < characters.length) add(i, i + 2, `${characters[i + 1]}${characters[i]}`)
    for (const letter of letters) {
      if (i < characters.length) add(i, i + 1, letter)
      add(i, i, letter)
    }
  }
  found.delete(word)
  return found
}

/** The query without the words that stand nowhere, then without one rare word after the other. */
function* fewerWords(connection: Connection, query: Query): Generator<Attempt> {
  if (query.all.length < 2) return
  const frequency = frequencyIn(connection)
  const groups = query.all.map((terms) => ({ terms, rows: terms.reduce((sum, term) => sum + frequency(term), 0) }))
  const kept = groups.filter(({ rows }) => rows > 0)
  const byRows = [...kept].sort((a, b) => a.rows - b.rows)
  while (byRows.length > 0) {
    const left = kept.filter((each) => byRows.includes(each))
    if (left.length < groups.length) {
      const dropped = groups.filter((each) => !left.includes(each)).flatMap(({ terms }) => terms.map(({ typed }) => typed))
      yield { query: { ...query, all: left.map(({ terms }) => terms) }, instead: `without ${dropped.join(' ')}` }
    }
    byRows.shift()
  }
}
