import type * as z from 'zod'
import type { Host } from './host.ts'
import type { Named } from './registry.ts'

/** One way to go on with a word. */
export interface Candidate {
  value: string
  /** Told beside it where there is room, such as the title of an id. */
  about?: string
  /** More follows in the same word: a folder's slash, a flag's equals sign. */
  open?: boolean
}

/** Completes one kind of value: what a field of a command names in its `complete`. */
export interface Completer extends Named {
  /** The values that begin with this text, at most `limit`; others are left out by the caller. `before` are the command's words so far. */
  values(host: Host, text: string, limit: number, before: readonly string[]): Promise<Candidate[]> | Candidate[]
}

/** More than anybody reads. */
export const LIMIT = 1000

/** How the last of these words may go on, the words before it being given. At the prompt, names of JSONata count before aliases. */
export const completeWords = async (host: Host, words: readonly string[], prompt = false): Promise<Candidate[]> =>
  (await import('./complete.ts')).completeWords(host, words, prompt)

/** How this text may go on as a value of a schema. */
export const completeSchema = async (host: Host, schema: z.core.$ZodType, text: string): Promise<Candidate[]> =>
  (await import('./completers.ts')).schemaValues(host, schema, text)
