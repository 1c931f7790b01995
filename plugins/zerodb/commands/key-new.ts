import { defineCommand } from 'ainative-code'
import * as z from 'zod'
import { mayReplace, nextStep, storeWords, wordsText, yesFlag } from './key-words.ts'

/** The command `zerodb key new`. */
export const keyNew = defineCommand({
  name: 'zerodb key new',
  summary: 'Create the key that encrypts your sessions, and show its 24 words',
  group: 'Sync',
  writes: true,
  input: z.object(yesFlag),
  fields: ['words', 'place'],
  examples: ['ainative-code zerodb key new'],
  async run({ yes }, context) {
    if (!(await mayReplace(undefined, yes, context))) return { words: null, place: null }
    // Read the settings before the words are stored: a mistake in the settings must not prevent that the words are shown.
    const next = nextStep(context.host)
    const words = (await import('../encryption/words.ts')).newWords()
    const place = await storeWords(words, context)
    context.note('Write these 24 words down. Without them, nobody can read what is on the server, and nobody can restore them.')
    context.note(`On your other devices: ainative-code zerodb key enter. Next: ${next}`)
    return { words, place }
  },
  print: ({ words }) => (words ? wordsText(words) : 'The key was not replaced\n'),
})
