import { distance } from 'fastest-levenshtein'

/** The candidate that a mistyped word most likely meant, if any is close enough to suggest. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  // As many letters apart as a third of the word, two at the most for a short one.
  let least = Math.max(1, Math.min(2, word.length - 2), Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const d = candidate.startsWith(word) && word ? 1 : distance(word, candidate)
    if (d < least) [best, least] = [candidate, d]
  }
  return best
}

/** "did you mean …?" for the nearest candidate, or the whole short list, or nothing. */
export function suggestion(word: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates]
  const close = nearest(word, names)
  if (close !== undefined) return `did you mean ${close}?`
  return names.length > 0 && names.length <= 12 ? `one of ${names.join(', ')}` : undefined
}
