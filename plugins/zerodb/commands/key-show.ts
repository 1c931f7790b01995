import { defineCommand } from 'ainative-code'
import * as z from 'zod'
import { requireKey, wordsText, yesFlag } from './key-words.ts'

/** The command `zerodb key show`. */
export const keyShow = defineCommand({
  name: 'zerodb key show',
  summary: 'Show the 24 words of the key of this device',
  group: 'Sync',
  writes: false,
  input: z.object(yesFlag),
  fields: ['words', 'place'],
  examples: ['ainative-code zerodb key show'],
  async run({ yes }, { host, ask }) {
    const { secret, place } = await requireKey(host)
    const isShown = yes || (await ask('Show the 24 words? Whoever sees them can read your sessions on the server', '--yes'))
    return { words: isShown ? secret.words : null, place }
  },
  print: ({ words }) => (words ? wordsText(words) : 'The words were not shown\n'),
})
