import { fold } from './fold.ts'
import { INVISIBLE, patternsFor } from './token-patterns.ts'

/** A word of a text, in the form of the index. */
export interface Token {
  word: string
  /** The position in the text, in UTF-16 units; `end` is exclusive. */
  start: number
  end: number
  /** True for a part of the preceding word, such as `user` of `getUserById`. A phrase does not match across such parts. */
  part?: boolean
  /** True for the last character of a run in a script without spaces: the preceding pair contains this character too. */
  tail?: boolean
  /** True for a run of one character. In a query, this character also matches the first character of a pair. */
  alone?: boolean
}

/** The version of the tokenizer. Increase it with every change of the tokens, so that existing indexes are rebuilt. */
export const TOKENS_VERSION = 2

/** The maximum length of a word, in UTF-16 units. Longer words are encoded data, for which the start is enough. */
const MAX_WORD_LENGTH = 64

/** The maximum length of a text for a regular expression, in UTF-16 units: a word of several millions overflows V8's stack. */
const MAX_SEGMENT = 1_000_000

/** Yields the words of a text, in order; parts follow their word. */
export function* tokens(text: string): Generator<Token> {
  for (let at = 0; at < text.length; ) {
    const end = segmentEnd(text, at)
    yield* segmentTokens(at === 0 && end === text.length ? text : text.slice(at, end), at)
    at = end
  }
}

/** The end of a segment: before a space or a line end, or within a word that is too long. */
function segmentEnd(text: string, start: number): number {
  const end = start + MAX_SEGMENT
  if (end >= text.length) return text.length
  const gap = Math.max(text.lastIndexOf(' ', end), text.lastIndexOf('\n', end))
  if (gap > start) return gap
  const isWithinPair = /[\udc00-\udfff]/.test(text.charAt(end))
  return isWithinPair ? end - 1 : end
}

function* segmentTokens(text: string, offset: number): Generator<Token> {
  for (const match of text.matchAll(patternsFor(text).token)) {
    const { number, mixed, run, word } = match.groups as Record<string, string | undefined>
    const start = offset + match.index
    if (word !== undefined) yield* wordTokens(word, start)
    else if (run !== undefined) yield* runTokens(run, start)
    else if (number !== undefined) yield* numberTokens(number, start)
    else if (mixed !== undefined) yield* mixedTokens(mixed, start)
    else yield { word: match[0], start, end: start + match[0].length }
  }
}

function* wordTokens(raw: string, start: number): Generator<Token> {
  const end = start + raw.length
  const sign = /(\+\+|#)$/.exec(raw)?.[0] ?? ''
  const base = raw.slice(0, raw.length - sign.length)
  for (const word of words(base)) yield { word: word + sign, start, end }
  if (sign) for (const word of words(base)) yield { word, start, end: end - sign.length, part: true }
  const parts = base.split(patternsFor(base).border)
  if (parts.length === 1) return
  let at = start
  for (const part of parts) {
    for (const word of words(part)) yield { word, start: at, end: at + part.length, part: true }
    at += part.length
  }
}

const INVISIBLE_CHARACTERS = new RegExp(`[${INVISIBLE}]`, 'g')

/** Normalizes a word. The result may be several words: some characters are ligatures of a phrase. */
function words(raw: string): string[] {
  if (/^[A-Za-z0-9]+$/.test(raw)) return [raw.toLowerCase().slice(0, MAX_WORD_LENGTH)]
  const folded = fold(raw.replace(INVISIBLE_CHARACTERS, ''))
  return folded
    .split(patternsFor(folded).gap)
    .filter((word) => word !== '')
    .map((word) => word.slice(0, MAX_WORD_LENGTH))
}

/** Yields the words of `python3.11` or `1.5GB`, and the number as a part. */
function* mixedTokens(raw: string, start: number): Generator<Token> {
  let at = start
  for (const piece of raw.split('.')) {
    yield* wordTokens(piece, at)
    at += piece.length + 1
  }
  const number = /\d+(?:\.\d+)+/.exec(raw)
  if (number) yield { word: number[0], start: start + number.index, end: start + number.index + number[0].length, part: true }
}

/** Yields each pair of neighboring characters and the last character, so that a query of one character matches by prefix. */
function* runTokens(raw: string, start: number): Generator<Token> {
  const characters = [...words(raw).join('')]
  const offsets = characterOffsets(raw, characters.length)
  for (const [i, character] of characters.entries()) {
    const next = characters[i + 1] ?? ''
    const token = { word: character + next, start: start + (offsets[i] ?? 0), end: start + (offsets[i + (next ? 2 : 1)] ?? raw.length) }
    if (next) yield token
    else yield i === 0 ? { ...token, alone: true } : { ...token, tail: true }
  }
}

/** The offset of each character, and the length of the text. Empty if normalization changed the number of characters. */
function characterOffsets(raw: string, count: number): number[] {
  const offsets = [0]
  for (const character of raw) offsets.push((offsets.at(-1) ?? 0) + character.length)
  return offsets.length === count + 1 ? offsets : []
}

function* numberTokens(raw: string, start: number): Generator<Token> {
  const end = start + raw.length
  const word = raw.toLowerCase()
  yield { word, start, end }
  if (word.startsWith('v')) yield { word: word.slice(1), start: start + 1, end, part: true }
}
