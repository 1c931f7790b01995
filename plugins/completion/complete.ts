import { type Candidate, completeWords, defineCommand, oneLine } from 'ainative-code'
import * as z from 'zod'
import { bashReplies } from './bash.ts'

/** The command `complete`, which the completion scripts run. zsh and fish pass the words; bash passes its word breaks and the line. */
export const complete = defineCommand({
  name: 'complete',
  summary: 'Print completion candidates for a shell script',
  hidden: true,
  tolerant: true,
  writes: false,
  args: ['shell', 'words'],
  input: z.object({ shell: z.enum(['bash', 'zsh', 'fish']), words: z.array(z.string()).default([]) }),
  formats: ['text'],
  // An error message would disturb the prompt, so an error prints no candidates.
  run: ({ shell, words }, { host }) =>
    (shell === 'bash' ? bashReplies(host, words[0] ?? '', words[1] ?? '') : candidateLines(completeWords(host, words))).catch(() => ''),
  print: (text) => text,
})

/** Formats candidates as lines of value, tab and description. The script adds a space unless the value ends with an open character. */
const candidateLines = async (candidates: Promise<Candidate[]>) =>
  (await candidates).map(({ value, about = '' }) => `${value}\t${oneLine(about)}\n`).join('')
