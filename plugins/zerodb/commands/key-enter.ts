import { type Context, defineCommand, flag, openAsker, readText, usage } from 'ainative-code'
import * as z from 'zod'
import { mayReplace, nextStep, storeWords, yesFlag } from './key-words.ts'

/** The command `zerodb key enter`. */
export const keyEnter = defineCommand({
  name: 'zerodb key enter',
  summary: 'Enter the 24 words of the key of another device',
  group: 'Sync',
  writes: true,
  input: z.object({ stdin: flag('Read the words from standard input'), ...yesFlag }),
  fields: ['place', 'stored'],
  examples: ['ainative-code zerodb key enter', 'pass show zerodb-words | ainative-code zerodb key enter --stdin'],
  async run({ stdin, yes }, context) {
    const { parseWords } = await import('../encryption/words.ts')
    const words = parseWords(stdin ? await readText(context.stdin()) : await askWords(context))
    if (!(await mayReplace(words, yes, context))) return { place: null, stored: false }
    const next = nextStep(context.host)
    const place = await storeWords(words, context)
    context.note(`Next: ${next}`)
    return { place, stored: true }
  },
  print: ({ place, stored }) =>
    stored ? `The key is stored in ${place === 'keyring' ? 'the keyring' : place}\n` : 'The key was not replaced\n',
})

/** Reads 24 words from the terminal without echo, in one line or in several. */
async function askWords({ signal }: Context): Promise<string> {
  if (!process.stdin.isTTY)
    throw usage('standard input is not a terminal', 'ainative-code zerodb key enter --stdin reads the words from standard input')
  const { WORDS } = await import('../encryption/words.ts')
  const asker = await openAsker(signal)
  try {
    const words: string[] = []
    while (words.length < WORDS) {
      const line = await asker.ask(`${WORDS - words.length} words (hidden): `, true)
      if (line === '') break
      words.push(...line.split(/\s+/))
    }
    return words.join(' ')
  } finally {
    asker.close()
  }
}
