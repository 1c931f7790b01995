import { type Candidate, completeWords, defineCommand, oneLine } from 'ainative-code'
import * as z from 'zod'
import { bashReplies } from './bash.ts'

/** What the scripts of `completion` ask: of zsh and fish the words, of bash where it breaks words and the line. */
export const complete = defineCommand({
  name: 'complete',
  summary: 'Answer what such a script asks',
  hidden: true,
  tolerant: true,
  writes: false,
  args: ['shell', 'words'],
  input: z.object({ shell: z.enum(['bash', 'zsh', 'fish']), words: z.array(z.string()).default([]) }),
  formats: ['text'],
  // At a prompt nothing may be said but candidates.
  run: ({ shell, words }, { host }) =>
    (shell === 'bash' ? bashReplies(host, words[0] ?? '', words[1] ?? '') : described(completeWords(host, words))).catch(() => ''),
  print: (text) => text,
})

/** A line each: the value, a tab, what is told of it. The script sees by its end whether a blank follows. */
const described = async (candidates: Promise<Candidate[]>) =>
  (await candidates).map(({ value, about = '' }) => `${value}\t${oneLine(about)}\n`).join('')
