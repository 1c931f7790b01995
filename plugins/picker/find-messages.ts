import type { FoundMessage } from '../search/index.ts'

/** A message that contains all words of a search. */
export type Hit = Pick<FoundMessage, 'session' | 'message' | 'seq' | 'role' | 'snippet' | 'offsets'>

/** Finds the messages that contain all words, best first. `ids` limits the sessions. */
export type FindMessages = (words: string, options: { limit: number; ids?: readonly string[]; signal: AbortSignal }) => Promise<Hit[]>
