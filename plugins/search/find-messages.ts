import type { Host } from 'ainative-code'
import type { Match } from './find.ts'

/** A message that holds words, and its session's id. */
export type FoundMessage = Match & { session: string; message: string; seq: number }

/** Finds the best messages that hold words, at most `limit`; none where the words hold nothing to search for. */
export async function findMessages(
  host: Host,
  words: string,
  options: { limit: number; ids?: readonly string[]; signal: AbortSignal },
): Promise<FoundMessage[]> {
  return (await import('./messages.ts')).bestMessages(host, words, options)
}
