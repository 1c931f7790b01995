import { tokens } from './tokens.ts'

/** Where a word needs more than its lower case. */
const SPECIAL = /[^\0-\x7f]|[a-z0-9][A-Z]|[A-Z][A-Z][a-z]|[0-9]\.[0-9]|\+\+|#|[A-Za-z0-9]{65}/g
/** What may stand within a word, a version or a name such as `C++`: no rule of `tokens` looks further. */
const WITHIN = /[A-Za-z0-9.+#\x80-\uffff]/
/** Stands before the parts of each word, so that a phrase does not match across words. */
const BETWEEN = ' ¶'

/**
 * A text as FTS5 gets it, whose tokenizer `ascii` then finds the words of `tokens`: many times as fast as writing out each word. Parts of
 * words come last.
 */
export function prepare(text: string): string {
  let parts = ''
  let words = ''
  let done = 0
  SPECIAL.lastIndex = 0
  for (let found = SPECIAL.exec(text); found; found = SPECIAL.exec(text)) {
    const [start, end] = pieceAround(text, found.index, SPECIAL.lastIndex, done)
    const piece = written(text.slice(start, end))
    words += text.slice(done, start) + piece.words
    parts += piece.parts
    done = end
    SPECIAL.lastIndex = end
  }
  const all = (words + text.slice(done)).toLowerCase()
  return all + parts
}

function pieceAround(text: string, from: number, to: number, least: number): [start: number, end: number] {
  let start = from
  while (start > least && WITHIN.test(text.charAt(start - 1))) start--
  let end = to
  while (end < text.length && WITHIN.test(text.charAt(end))) end++
  return [start, end]
}

interface Written {
  words: string
  parts: string
}

/** Words of texts repeat, and finding their parts takes most of the time. */
const known = new Map<string, Written>()
const MOST_KNOWN = 20_000
const LONGEST_KNOWN = 40

function written(piece: string): Written {
  const old = known.get(piece)
  if (old) return old
  const words: string[] = []
  let parts = ''
  let wasPart = false
  for (const { word, part = false } of tokens(piece)) {
    if (!part) words.push(stored(word))
    else parts += `${wasPart ? '' : BETWEEN} ${stored(word)}`
    wasPart = part
  }
  const result = { words: words.join(' '), parts }
  if (known.size >= MOST_KNOWN) known.clear()
  if (piece.length <= LONGEST_KNOWN) known.set(piece, result)
  return result
}

/** A word with other signs in the place of those at which FTS5's tokenizer `ascii` would split it. */
export const stored = (word: string) => word.replace(/[.+#]/g, (sign) => SIGNS[sign] as string)
const SIGNS: Record<string, string> = { '.': '·', '+': '⁺', '#': '♯' }
