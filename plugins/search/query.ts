import { once } from 'ainative-code'
import { isAscii } from './fold.ts'
import { replaceSigns } from './prepare.ts'
import { tokens } from './tokens.ts'

/** A word or a phrase of a query. `words` are in the form of the index. */
export interface Term {
  /** The text that the user typed. */
  typed: string
  words: string[]
  /** True if the last word may be the start of a longer word. */
  prefix: boolean
}

/** The names of the filters, as in `tag:go`. */
export const FILTERS = ['title', 'role', 'tag', 'provider', 'model', 'project', 'since', 'until'] as const
/** The name of a filter. */
export type Filter = (typeof FILTERS)[number]

/**
 * A parsed query: a text matches if it contains a term of each group in `all`, and no term of `none`. Without groups, the filters select
 * sessions that contain no term of `none`.
 */
export interface Query {
  all: Term[][]
  none: Term[]
  filters: { name: Filter; value: string; minus: boolean }[]
  /** The number of words beyond the limit, which are ignored. */
  omitted: number
}

/** The maximum number of terms; further ones are ignored, because FTS5 limits the size of a query. */
const MAX_TERMS = 48

/** Compiles the pattern of a word, phrase or filter. A minus before one of `letters` excludes the word. */
const wordPattern = (letters: string, flags: string) =>
  new RegExp(
    String.raw`(?<minus>-(?=["\u201c${letters}]))?(?:(?<field>[A-Za-z]+):(?=\S))?(?:["\u201c](?<phrase>[^"\u201d]*)(?:["\u201d]|$)|(?<plain>\S+))`,
    flags,
  )

// Unicode properties take a millisecond to compile, and most queries are ASCII text.
const unicodeWord = once(() => wordPattern(String.raw`\p{L}\p{N}`, 'gu'))
const asciiWord = once(() => wordPattern('A-Za-z0-9', 'g'))

/** Parses a query. Every text is valid: text that is not an operator is searched for. */
export function parseQuery(text: string): Query {
  const query: Query = { all: [], none: [], filters: [], omitted: 0 }
  let or = false
  for (const { typed, word, filter, minus } of wordsOf(text)) {
    if (filter) {
      query.filters.push({ name: filter, value: word, minus })
      continue
    }
    if (typed === 'OR' && query.all.length > 0) {
      or = true
      continue
    }
    add(query, termOf(typed, word), { or, minus })
    or = false
  }
  // If the text is only excluded terms, it starts with a minus, such as a flag: search for the text.
  if (query.all.length === 0 && query.filters.length === 0) query.all = query.none.splice(0).map((term) => [term])
  return query
}

function add(query: Query, term: Term | undefined, { or, minus }: { or: boolean; minus: boolean }): void {
  if (!term) return
  const last = query.all.at(-1)
  if (query.all.flat().length + query.none.length >= MAX_TERMS) query.omitted++
  else if (minus) query.none.push(term)
  else if (or && last) last.push(term)
  else query.all.push([term])
}

interface QueryWord {
  typed: string
  word: string
  filter?: Filter
  minus: boolean
}

/** Splits a query into words and phrases. `AND` between two words is ignored; `NOT` is the same as a minus. */
function* wordsOf(text: string): Generator<QueryWord> {
  const matches = [...text.matchAll(isAscii(text) ? asciiWord() : unicodeWord())]
  let not = false
  for (const [i, match] of matches.entries()) {
    const { minus, field, phrase, plain } = match.groups as Record<string, string | undefined>
    const between = i > 0 && i < matches.length - 1
    if (between && (match[0] === 'AND' || match[0] === 'NOT')) {
      not = match[0] === 'NOT'
      continue
    }
    const filter = FILTERS.find((each) => each === field?.toLowerCase())
    const word = phrase ?? plain ?? ''
    yield { typed: match[0], word: filter || !field ? word : `${field}:${word}`, filter, minus: minus !== undefined || not }
    not = false
  }
}

/** Converts a word or phrase to a term; undefined if the text contains no indexed character. */
export function termOf(typed: string, text: string): Term | undefined {
  const parsed = [...tokens(text.slice(0, MAX_TERM_LENGTH))].filter(({ part }) => !part)
  const last = parsed.at(-1)
  if (!last) return undefined
  if (last.tail) parsed.pop()
  const words = parsed.slice(0, MAX_PHRASE_WORDS).map(({ word }) => replaceSigns(word))
  return { typed, words, prefix: last.alone === true || text.endsWith('*') }
}

/** The maximum number of words in a phrase. */
const MAX_PHRASE_WORDS = 32
/** The maximum length of a term, in UTF-16 units. */
const MAX_TERM_LENGTH = 4000
