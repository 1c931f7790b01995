import type * as z from 'zod'
import type { Host } from '../contract/host.ts'
import type { Candidate } from '../contract/view.ts'

/** Returns the completions of the last word. `prompt` is true for a line of the shell, where some aliases do not exist. */
export const completeWords = async (host: Host, words: readonly string[], prompt = false): Promise<Candidate[]> =>
  (await import('./complete-words.ts')).completeWords(host, words, prompt)

/** Returns the values of a schema that start with this text. */
export const completeSchema = async (host: Host, schema: z.core.$ZodType, text: string): Promise<Candidate[]> =>
  (await import('./completers.ts')).schemaValues(host, schema, text)

/** Returns the values of one kind, such as `tag`, that start with this text. */
export const completeValue = async (host: Host, kind: string, text: string): Promise<Candidate[]> =>
  (await import('./completers.ts')).valuesOf(host, { complete: kind }, text)
