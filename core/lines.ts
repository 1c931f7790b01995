import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { messageOf, Problem } from './problem.ts'

/** All of a stream as text. */
export async function readText(input: Readable): Promise<string> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of input) chunks.push(Buffer.from(chunk))
  } catch (error) {
    throw unreadable(error)
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\ufeff/, '')
}

const unreadable = (error: unknown) => new Problem('input', `cannot read standard input: ${messageOf(error)}`, { cause: error })

/** The lines of a stream; an error of the stream is thrown, which readline alone would take for its end. */
export async function* readLines(input: Readable): AsyncIterable<string> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  let failure: unknown
  input.once('error', (error) => {
    failure = error
    lines.close()
  })
  yield* lines
  if (failure) throw unreadable(failure)
}
