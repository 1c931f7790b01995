import { patternOf } from './count-matches.ts'
import { prepare, replaceSigns } from './prepare.ts'
import type { Term } from './query.ts'
import { type Token, tokens } from './tokens.ts'

/** A short piece of a text around the matching words. */
export interface Snippet {
  snippet: string
  /** The positions of the matching words in the snippet, in UTF-16 units; `end` is exclusive. */
  offsets: [start: number, end: number][]
}

/** The length of a snippet, in UTF-16 units. */
const LENGTH = 160
/** The length of the text before the first match, in UTF-16 units. */
const BEFORE = 40
/** The length of a slice, in UTF-16 units: splitting a whole long text into words would take too long. */
const SLICE = 4000

// biome-ignore lint/suspicious/noControlCharactersInRegex: a class by its numbers compiles faster than \p{Cc}
const SPACE = /[\s\x00-\x1f\x7f-\x9f]/g

/** Builds a snippet from the place of a text that contains most of the terms. Line breaks and tabs become spaces. */
export function snippetOf(text: string, terms: Term[]): Snippet {
  const slice = bestSlice(text, terms)
  const marks = marksIn(slice, terms)
  const first = bestMark(marks)
  const start = startOf(slice, first)
  const end = endOf(slice, start)
  const lead = start > 0 ? '…' : ''
  const shift = lead.length - start
  return {
    snippet: lead + slice.slice(start, end).replace(SPACE, ' ') + (end < slice.length ? '…' : ''),
    offsets: marks.filter((mark) => mark.start >= start && mark.end <= end).map((mark) => [mark.start + shift, mark.end + shift]),
  }
}

function bestSlice(text: string, terms: Term[]): string {
  if (text.length <= SLICE) return text
  const patterns = terms.map(patternOf)
  let best = { slice: text.slice(0, SLICE), count: 0 }
  for (let at = 0; at < text.length && best.count < patterns.length; at += SLICE / 2) {
    const slice = text.slice(at, at + SLICE)
    const prepared = prepare(slice)
    const count = patterns.filter((pattern) => prepared.search(pattern) >= 0).length
    if (count > best.count) best = { slice, count }
  }
  return best.slice
}

interface Mark {
  start: number
  end: number
  term: Term
}

/** Finds the occurrences of the terms, in order and without overlaps. */
function marksIn(text: string, terms: Term[]): Mark[] {
  const all = [...tokens(text)].map((token) => ({ ...token, word: replaceSigns(token.word) }))
  const lists = [all.filter(({ part }) => !part), ...partsOfWords(all)]
  const marks = terms.flatMap((term) => lists.flatMap((list) => [...occurrences(list, term)]))
  marks.sort((a, b) => a.start - b.start || b.end - a.end)
  const disjoint: Mark[] = []
  for (const mark of marks) if (mark.start >= (disjoint.at(-1)?.end ?? 0)) disjoint.push(mark)
  return disjoint
}

/** The parts of words, one list per word. */
function partsOfWords(all: Token[]): Token[][] {
  const lists: Token[][] = []
  for (const [i, token] of all.entries()) {
    if (!token.part) continue
    if (all[i - 1]?.part) lists.at(-1)?.push(token)
    else lists.push([token])
  }
  return lists
}

function* occurrences(list: Token[], term: Term): Generator<Mark> {
  const { words, prefix } = term
  for (let i = 0; i + words.length <= list.length; i++) {
    const found = words.every((word, k) => {
      const tokenWord = list[i + k]?.word ?? ''
      return prefix && k === words.length - 1 ? tokenWord.startsWith(word) : tokenWord === word
    })
    const [first, last] = [list[i], list[i + words.length - 1]]
    if (found && first && last) yield { start: first.start, end: prefix ? first.start + lengthOf(first, last, words) : last.end, term }
  }
}

/** The length of a prefix match. The index contains pairs of characters; if the user typed one character, only that one is marked. */
function lengthOf(first: Token, last: Token, words: string[]): number {
  const typed = words.at(-1) ?? ''
  const isPair = last.end - last.start > typed.length && /^[^\0-\x7f]$/u.test(typed)
  return (isPair ? last.start + typed.length : last.end) - first.start
}

/** Finds the occurrence that is followed by most different terms within the length of a snippet. */
function bestMark(marks: Mark[]): Mark | undefined {
  let best: { mark: Mark | undefined; count: number } = { mark: marks[0], count: 0 }
  for (const [i, mark] of marks.entries()) {
    const count = new Set<Term>()
    for (let k = i; k < marks.length && (marks[k] as Mark).end - mark.start < LENGTH - BEFORE; k++) count.add((marks[k] as Mark).term)
    if (count.size > best.count) best = { mark, count: count.size }
  }
  return best.mark
}

/** Finds the start of the snippet: a start of a word, a little before the mark. */
function startOf(text: string, mark: Mark | undefined): number {
  const target = (mark?.start ?? 0) - BEFORE
  if (target <= 0) return 0
  const space = text.slice(target, mark?.start).search(/\s/)
  const start = space < 0 ? target : target + space + 1
  return isInPair(text, start) ? start + 1 : start
}

function endOf(text: string, start: number): number {
  if (start + LENGTH >= text.length) return text.length
  const space = text.lastIndexOf(' ', start + LENGTH)
  const end = space > start + LENGTH / 2 ? space : start + LENGTH
  return isInPair(text, end) ? end - 1 : end
}

/** True if a cut at this position would split a surrogate pair. */
const isInPair = (text: string, at: number) => /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1))
