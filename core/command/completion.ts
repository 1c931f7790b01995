import type * as z from 'zod'
import type { Host } from '../contract/host.ts'
import type { Candidate } from '../contract/view.ts'
/** How the last of these words may go on, the words before it being given. At the prompt, names of JSONata count before aliases. */
export const completeWords = async (host: Host, words: readonly string[], prompt = false): Promise<Candidate[]> =>
  (await import('./complete-words.ts')).completeWords(host, words, prompt)

/** The possible continuations of a text as a value of a schema. */
export const completeSchema = async (host: Host, schema: z.core.$ZodType, text: string): Promise<Candidate[]> =>
  (await import('./completers.ts')).schemaValues(host, schema, text)

/** The values of one kind, such as `tag`, that start with this text. */
export const completeValue = async (host: Host, kind: string, text: string): Promise<Candidate[]> =>
  (await import('./completers.ts')).valuesOf(host, { complete: kind }, text)
