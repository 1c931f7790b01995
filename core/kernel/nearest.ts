import { distance } from 'fastest-levenshtein'

/** How many edits apart a near name may be: one in three letters, and never more than three. */
const limitOf = (length: number) => Math.min(3, Math.max(1, Math.floor(length / 3)))

/** A shorter beginning of a name says too little about which one is meant. */
const SHORTEST_START = 3

/** The candidate that a mistyped word most likely meant, if any is close enough to suggest. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = limitOf(word.length) + 1
  for (const candidate of candidates) {
    const isStart = word.length >= SHORTEST_START && candidate.startsWith(word)
    const edits = isStart || isSwap(word, candidate) ? 1 : distance(word, candidate)
    if (edits < least) [best, least] = [candidate, edits]
  }
  return best
}

/** Whether two neighbouring letters are swapped, which the distance counts as two edits. */
function isSwap(word: string, other: string): boolean {
  if (word.length !== other.length || word === other) return false
  let at = 0
  while (word[at] === other[at]) at++
  return word[at] === other[at + 1] && word[at + 1] === other[at] && word.slice(at + 2) === other.slice(at + 2)
}

/** "did you mean …?" for the nearest candidate, or the whole short list, or nothing. */
export function suggestion(word: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates]
  const close = nearest(word, names)
  if (close !== undefined) return `did you mean ${close}?`
  return names.length > 0 && names.length <= 12 ? `one of ${names.join(', ')}` : undefined
}

/** The message for a name that nothing of a kind has. */
export const notFound = (kind: string, name: string) => `there is no ${kind} ${JSON.stringify(name)}`
