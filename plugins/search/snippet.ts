import { patternOf } from './match.ts'
import { prepare, stored } from './prepare.ts'
import type { Term } from './query.ts'
import { type Token, tokens } from './tokens.ts'

/** A piece of a text around what was found. */
export interface Snippet {
  snippet: string
  /** Where the found words stand in it, in UTF-16 units; the end is the first unit after a word. */
  offsets: [start: number, end: number][]
}

/** UTF-16 units that are shown. */
const LENGTH = 160
const BEFORE = 40
/** A long text is looked through in slices, since writing out its words takes long. */
const SLICE = 4000

/** The place of a text that holds most of the terms, with each of them marked. Line breaks and tabs become spaces. */
export function snippetOf(text: string, terms: Term[]): Snippet {
  const slice = bestSlice(text, terms)
  const marks = marksIn(slice, terms)
  const first = bestMark(marks)
  const start = startOf(slice, first)
  const end = endOf(slice, start)
  const lead = start > 0 ? '…' : ''
  const shift = lead.length - start
  return {
    snippet: lead + slice.slice(start, end).replace(/[\s\p{Cc}]/gu, ' ') + (end < slice.length ? '…' : ''),
    offsets: marks.filter((mark) => mark.start >= start && mark.end <= end).map((mark) => [mark.start + shift, mark.end + shift]),
  }
}

function bestSlice(text: string, terms: Term[]): string {
  if (text.length <= SLICE) return text
  const patterns = terms.map(patternOf)
  let best = { slice: text.slice(0, SLICE), held: 0 }
  for (let at = 0; at < text.length && best.held < patterns.length; at += SLICE / 2) {
    const slice = text.slice(at, at + SLICE)
    const prepared = prepare(slice)
    const held = patterns.filter((pattern) => prepared.search(pattern) >= 0).length
    if (held > best.held) best = { slice, held }
  }
  return best.slice
}

interface Mark {
  start: number
  end: number
  term: Term
}

/** Every occurrence of the terms, in order, none within another. */
function marksIn(text: string, terms: Term[]): Mark[] {
  const all = [...tokens(text)].map((token) => ({ ...token, word: stored(token.word) }))
  const lists = [all.filter(({ part }) => !part), ...partsOfWords(all)]
  const marks = terms.flatMap((term) => lists.flatMap((list) => [...occurrences(list, term)]))
  marks.sort((a, b) => a.start - b.start || b.end - a.end)
  const apart: Mark[] = []
  for (const mark of marks) if (mark.start >= (apart.at(-1)?.end ?? 0)) apart.push(mark)
  return apart
}

/** The parts of each word by themselves. */
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
      const there = list[i + k]?.word ?? ''
      return prefix && k === words.length - 1 ? there.startsWith(word) : there === word
    })
    const [first, last] = [list[i], list[i + words.length - 1]]
    if (found && first && last) yield { start: first.start, end: prefix ? first.start + lengthOf(first, last, words) : last.end, term }
  }
}

/** One character that was typed is one that is marked, though the index holds pairs. */
function lengthOf(first: Token, last: Token, words: string[]): number {
  const typed = words.at(-1) ?? ''
  const isPair = last.end - last.start > typed.length && /^[^\0-\x7f]$/u.test(typed)
  return (isPair ? last.start + typed.length : last.end) - first.start
}

/** The occurrence after which most different terms follow within what is shown. */
function bestMark(marks: Mark[]): Mark | undefined {
  let best: { mark: Mark | undefined; held: number } = { mark: marks[0], held: 0 }
  for (const [i, mark] of marks.entries()) {
    const held = new Set<Term>()
    for (let k = i; k < marks.length && (marks[k] as Mark).end - mark.start < LENGTH - BEFORE; k++) held.add((marks[k] as Mark).term)
    if (held.size > best.held) best = { mark, held: held.size }
  }
  return best.mark
}

/** Begins at a word, a little before what was found. */
function startOf(text: string, mark: Mark | undefined): number {
  const wanted = (mark?.start ?? 0) - BEFORE
  if (wanted <= 0) return 0
  const space = text.slice(wanted, mark?.start).search(/\s/)
  const start = space < 0 ? wanted : wanted + space + 1
  return isInPair(text, start) ? start + 1 : start
}

function endOf(text: string, start: number): number {
  if (start + LENGTH >= text.length) return text.length
  const space = text.lastIndexOf(' ', start + LENGTH)
  const end = space > start + LENGTH / 2 ? space : start + LENGTH
  return isInPair(text, end) ? end - 1 : end
}

/** Whether a cut would part the two units of one character. */
const isInPair = (text: string, at: number) => /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1))
