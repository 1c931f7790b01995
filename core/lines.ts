import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { messageOf, Problem } from './problem.ts'

/** The lines of a stream; an error of the stream is thrown, which readline alone would take for its end. */
export async function* readLines(input: Readable): AsyncIterable<string> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  let failure: unknown
  input.once('error', (error) => {
    failure = error
    lines.close()
  })
  yield* lines
  if (failure) throw new Problem('input', `cannot read standard input: ${messageOf(failure)}`, { cause: failure })
}
