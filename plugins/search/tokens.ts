import { expressionsFor, UNSEEN } from './expressions.ts'
import { fold } from './fold.ts'

/** A word of a text as the index holds it. */
export interface Token {
  word: string
  /** Where it stands in the text, in UTF-16 units. */
  start: number
  end: number
  /** A part of the word before it, as `user` in `getUserById`; not a neighbour of other words. */
  part?: boolean
  /** The last character of a run of several, of a script without spaces: the pair before it holds it too. */
  tail?: boolean
  /** The only character of such a run; longer runs are found by their first character as the beginning of a pair. */
  alone?: boolean
}

/** Raises with every change of what is indexed, so that older indexes are built again. */
export const TOKENS_VERSION = 2

/** What is longer is no word that a person types, but encoded data: its beginning is enough to find it. */
const LONGEST = 64

/** The words of a text, in order; parts come after their word. */
export function* tokens(text: string): Generator<Token> {
  for (const match of text.matchAll(expressionsFor(text).token)) {
    const { number, mixed, run, word } = match.groups as Record<string, string | undefined>
    const start = match.index
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
  const parts = base.split(expressionsFor(base).border)
  if (parts.length === 1) return
  let at = start
  for (const part of parts) {
    for (const word of words(part)) yield { word, start: at, end: at + part.length, part: true }
    at += part.length
  }
}

const UNSEEN_SIGNS = new RegExp(`[${UNSEEN}]`, 'g')

/** A word as it is compared; of some signs, such as one that stands for a phrase, several words. */
function words(raw: string): string[] {
  if (/^[A-Za-z0-9]+$/.test(raw)) return [raw.toLowerCase().slice(0, LONGEST)]
  return fold(raw.replace(UNSEEN_SIGNS, ''))
    .split(/[^\p{L}\p{N}\p{M}\p{Co}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.slice(0, LONGEST))
}

/** The words of `python3.11` or `1.5GB`, and the number as a part. */
function* mixedTokens(raw: string, start: number): Generator<Token> {
  let at = start
  for (const piece of raw.split('.')) {
    yield* wordTokens(piece, at)
    at += piece.length + 1
  }
  const number = /\d+(?:\.\d+)+/.exec(raw)
  if (number) yield { word: number[0], start: start + number.index, end: start + number.index + number[0].length, part: true }
}

/** Pairs of neighbours, and the last character by itself, so that one character finds its word by prefix. */
function* runTokens(raw: string, start: number): Generator<Token> {
  const characters = [...words(raw).join('')]
  const places = placesOf(raw, characters.length)
  for (const [i, character] of characters.entries()) {
    const next = characters[i + 1] ?? ''
    const token = { word: character + next, start: start + (places[i] ?? 0), end: start + (places[i + (next ? 2 : 1)] ?? raw.length) }
    if (next) yield token
    else yield i === 0 ? { ...token, alone: true } : { ...token, tail: true }
  }
}

/** Where each character begins, and the end; all at 0 and the end where folding changed how many there are. */
function placesOf(raw: string, count: number): number[] {
  const places = [0]
  for (const character of raw) places.push((places.at(-1) ?? 0) + character.length)
  return places.length === count + 1 ? places : []
}

function* numberTokens(raw: string, start: number): Generator<Token> {
  const end = start + raw.length
  const word = raw.toLowerCase()
  yield { word, start, end }
  if (word.startsWith('v')) yield { word: word.slice(1), start: start + 1, end, part: true }
}
