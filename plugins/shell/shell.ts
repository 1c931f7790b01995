import { defineCommand, usage } from 'ainative-code'
import * as z from 'zod'
import { greetingOf } from './prompt.ts'
import { shellMode } from './shell-mode.ts'
import { vorpalOf } from './vorpal.ts'

/** The command `shell`. */
export const shell = defineCommand({
  name: 'shell',
  summary: 'Open the shell',
  group: 'Shell',
  tolerant: true,
  writes: false,
  input: z.object({}),
  async run(_, { host, enter, note }) {
    if (!enter || vorpalOf(host) || !process.stdin.isTTY)
      throw usage('the shell requires a terminal, and cannot run inside another shell', 'run ainative-code shell in a terminal')
    note(await greetingOf(host), 'dim')
    enter(shellMode(host))
  },
})
