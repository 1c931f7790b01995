/** A message that holds all words of a search. */
export interface Hit {
  session: string
  message: string
  seq: number
  role: string
  snippet: string
  /** Where the words stand in the snippet, in UTF-16 units. */
  offsets: [number, number][]
}

/** Finds the messages that hold all words, the best first; `ids` limits the sessions. */
export type FindMessages = (words: string, options: { limit: number; ids?: readonly string[]; signal: AbortSignal }) => Promise<Hit[]>
