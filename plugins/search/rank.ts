import type { Role } from 'ainative-code'

/** A title says what a session is about; what the person wrote is remembered better than a reply, and a reply better than what a tool printed. */
export const WEIGHTS: Record<Role | 'title', number> = { title: 4, user: 2, assistant: 1, system: 0.5, tool: 0.5 }

/** Matches of one session that are ranked and told. */
export const MATCHES = 5

/** Length of an average message, in characters. */
const AVERAGE = 500
/** The constants of BM25: how soon more occurrences count no more, and how much the length of a text counts. */
const K1 = 1.2
const B = 0.75

/** How well a text fits, by BM25 over the occurrences of each group of words. */
export function scoreOf(role: Role | 'title', counts: readonly number[], length: number): number {
  const norm = K1 * (1 - B + (B * length) / AVERAGE)
  const sum = counts.reduce((total, count) => total + (count * (K1 + 1)) / (count + norm), 0)
  return (WEIGHTS[role] * sum) / Math.max(1, counts.length)
}

/** How well a session fits: as well as its best message, and a little better for more of them. */
export const sessionScore = (best: number, hits: number) => Math.round((best + Math.min(0.3, 0.1 * Math.log(hits))) * 1000) / 1000

/** What a session may be worth before its messages are read: those of many hits and of the person come first. */
export const guess = (roles: Set<Role | 'title'>, hits: number) => Math.max(...[...roles].map((role) => WEIGHTS[role])) + Math.log(hits)
