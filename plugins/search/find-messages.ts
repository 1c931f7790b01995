import type { Host } from 'ainative-code'
import type { Match } from './find.ts'

/** A message that holds words, and its session's id. */
export type FoundMessage = Match & { session: string; message: string; seq: number }

/** Finds the best messages that hold what somebody is typing, at most `limit`; none where that holds nothing to search for. */
export async function findMessages(
  host: Host,
  words: string,
  options: { limit: number; ids?: readonly string[]; signal: AbortSignal },
): Promise<FoundMessage[]> {
  // The last word may not be at its end.
  const typed = /[\s*"]$/.test(words) ? words : `${words}*`
  return (await import('./messages.ts')).bestMessages(host, typed, { ...options, quick: true })
}
