import { distance } from 'fastest-levenshtein'

/** The largest distance of a similar name: one edit for three letters, at most three edits, and never all letters. */
const limitOf = (length: number) => Math.min(3, Math.max(1, Math.floor(length / 3)), length - 1)

/** A word of 3 or more letters is similar to each name that starts with the word. A name of more than 200 letters never is. */
const [SHORTEST_START, LONGEST] = [3, 200]

/** The candidate that is most similar to a mistyped word; undefined if none is close enough to suggest. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = limitOf(word.length) + 1
  for (const candidate of candidates) {
    const isStart = word.length >= SHORTEST_START && candidate.length <= LONGEST && candidate.startsWith(word)
    const edits = isStart || isSwap(word, candidate) ? 1 : distance(word.toLowerCase(), candidate.toLowerCase())
    if (edits < least) [best, least] = [candidate, edits]
  }
  return best
}

/** True if the words differ in two swapped neighboring letters, which the distance counts as two edits. */
function isSwap(word: string, other: string): boolean {
  if (word.length !== other.length || word === other) return false
  let at = 0
  while (word[at] === other[at]) at++
  return word[at] === other[at + 1] && word[at + 1] === other[at] && word.slice(at + 2) === other.slice(at + 2)
}

/** The hint for an unknown name: the most similar candidate, or else all if there are at most 12; otherwise undefined. */
export function suggestion(word: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates]
  const close = nearest(word, names)
  if (close !== undefined) return `did you mean ${close}?`
  if (names.length === 0 || names.length > 12 || names.some((name) => name.length > LONGEST)) return undefined
  return names.length === 1 ? `expected ${names[0]}` : `one of ${names.join(', ')}`
}

/** The message for an unknown name. */
export const notFound = (kind: string, name: string) => `there is no ${kind} ${JSON.stringify(name)}`
