import { stored } from './prepare.ts'
import { tokens } from './tokens.ts'

/** Words that follow each other in a text; one word in most cases. In the form of the index. */
export interface Term {
  /** As it was typed. */
  typed: string
  words: string[]
  /** The last word is the beginning of one. */
  prefix: boolean
}

export const FILTERS = ['title', 'role', 'tag', 'provider', 'model', 'project', 'since', 'until'] as const
export type Filter = (typeof FILTERS)[number]

/** What is searched for: one term of each group, and none of the others. */
export interface Query {
  all: Term[][]
  none: Term[]
  filters: { name: Filter; value: string; minus: boolean }[]
  /** How many further words were left out. */
  omitted: number
}

/** A longer text is searched for by its beginning: FTS5 has a limit of its own. */
const MOST_TERMS = 48

const WORD =
  /(?<minus>-(?=["\u201c\p{L}\p{N}]))?(?:(?<field>[a-z]+):(?=\S))?(?:["\u201c](?<phrase>[^"\u201d]*)(?:["\u201d]|$)|(?<plain>\S+))/giu

/** Reads what a person typed. Every text is a query: what is no operator is searched for. */
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
  // Nothing but words to leave out is a text that begins with a minus, such as a flag.
  if (query.all.length === 0) query.all = query.none.splice(0).map((term) => [term])
  return query
}

function add(query: Query, term: Term | undefined, { or, minus }: { or: boolean; minus: boolean }): void {
  if (!term) return
  const last = query.all.at(-1)
  if (query.all.flat().length + query.none.length >= MOST_TERMS) query.omitted++
  else if (minus) query.none.push(term)
  else if (or && last) last.push(term)
  else query.all.push([term])
}

interface Word {
  typed: string
  word: string
  filter?: Filter
  minus: boolean
}

/** The words and phrases of a query. `AND` between two words says nothing, and `NOT` is a minus. */
function* wordsOf(text: string): Generator<Word> {
  const matches = [...text.matchAll(WORD)]
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

/** The term of a word or phrase; undefined where it holds nothing that is indexed. */
export function termOf(typed: string, text: string): Term | undefined {
  const found = [...tokens(text.slice(0, LONGEST))].filter(({ part }) => !part)
  const last = found.at(-1)
  if (!last) return undefined
  if (last.tail) found.pop()
  const words = found.slice(0, MOST_WORDS).map(({ word }) => stored(word))
  return { typed, words, prefix: last.alone === true || text.endsWith('*') }
}

/** Words of one phrase. */
const MOST_WORDS = 32
/** Characters of one term that are read. */
const LONGEST = 4000
