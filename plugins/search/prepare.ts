import { tokens } from './tokens.ts'

/** Matches text that needs more than a conversion to lower case. */
const SPECIAL = /[^\0-\x7f]|[a-z0-9][A-Z]|[A-Z][A-Z][a-z]|[0-9]\.[0-9]|\+\+|#|[A-Za-z0-9]{65}/g
/** Matches a character of a word, a version or a name such as `C++`. No rule of `tokens` depends on text beyond a run of such characters. */
const WITHIN = /[A-Za-z0-9.+#\x80-\uffff]/
/** The separator before the parts of each word, so that a phrase does not match parts of different words. */
const BETWEEN = ' ¶'

/**
 * Rewrites a text so that the FTS5 tokenizer `ascii` finds the same words as `tokens`. Rewriting only the special pieces is many times
 * faster than joining all tokens. The parts of words are at the end.
 */
export function prepare(text: string): string {
  let parts = ''
  let words = ''
  let done = 0
  SPECIAL.lastIndex = 0
  for (let found = SPECIAL.exec(text); found; found = SPECIAL.exec(text)) {
    const [start, end] = pieceAround(text, found.index, SPECIAL.lastIndex, done)
    const piece = preparePiece(text.slice(start, end))
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

interface PreparedPiece {
  words: string
  parts: string
}

/** Caches prepared pieces: words repeat, and splitting them takes most of the time. */
const cache = new Map<string, PreparedPiece>()
const MAX_CACHED = 20_000
const MAX_CACHED_LENGTH = 40

function preparePiece(piece: string): PreparedPiece {
  const cached = cache.get(piece)
  if (cached) return cached
  const words: string[] = []
  let parts = ''
  let wasPart = false
  for (const { word, part = false } of tokens(piece)) {
    if (!part) words.push(replaceSigns(word))
    else parts += `${wasPart ? '' : BETWEEN} ${replaceSigns(word)}`
    wasPart = part
  }
  const result = { words: words.join(' '), parts }
  if (cache.size >= MAX_CACHED) cache.clear()
  if (piece.length <= MAX_CACHED_LENGTH) cache.set(piece, result)
  return result
}

/** Replaces the signs at which the FTS5 tokenizer `ascii` would split a word. */
export const replaceSigns = (word: string) => word.replace(/[.+#]/g, (sign) => SIGNS[sign] as string)
const SIGNS: Record<string, string> = { '.': '·', '+': '⁺', '#': '♯' }
