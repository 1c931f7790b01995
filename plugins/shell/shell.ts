import { defineCommand, usage } from 'ainative-code'
import * as z from 'zod'

/** The program's own start opens it; this is what is left where it cannot. */
export const shell = defineCommand({
  name: 'shell',
  summary: 'Open the shell',
  writes: false,
  input: z.object({}),
  run: () => {
    throw usage('the shell opens on a terminal, and from there not again', 'ainative-code shell in a terminal opens it')
  },
})
