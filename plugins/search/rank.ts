import type { Role } from 'ainative-code'

/** The weight of a match by role: users search for titles and their own words more often than for replies or the output of tools. */
export const WEIGHTS: Record<Role | 'title', number> = { title: 4, user: 2, assistant: 1, system: 0.5, tool: 0.5 }

/** The maximum number of matches to return per session. */
export const MAX_MATCHES = 5

/** The length of an average message, in characters. */
const AVERAGE = 500
// The constants of BM25: K1 is the saturation of repeated terms, B the influence of the text length.
const K1 = 1.2
const B = 0.75

/** Scores a text by BM25, from the number of occurrences of each group of terms. */
export function scoreText(role: Role | 'title', counts: readonly number[], length: number): number {
  const norm = K1 * (1 - B + (B * length) / AVERAGE)
  const sum = counts.reduce((total, count) => total + (count * (K1 + 1)) / (count + norm), 0)
  return (WEIGHTS[role] * sum) / Math.max(1, counts.length)
}

/** Scores a session: the score of its best message, plus a little for further matches. Rounded to three decimals. */
export const sessionScore = (best: number, hits: number) => Math.round((best + Math.min(0.3, 0.1 * Math.log(hits))) * 1000) / 1000

/** Estimates the score of a session before its messages are read, from their roles and number. */
export const estimateScore = (roles: Set<Role | 'title'>, hits: number) =>
  Math.max(...[...roles].map((role) => WEIGHTS[role])) + Math.log(hits)
