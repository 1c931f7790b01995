import type { Readable } from 'node:stream'
import { Problem } from '../kernel/problem.ts'
import { fileProblem } from './file-problem.ts'
import { withoutMark } from './regular-file.ts'

type Input = Readable | AsyncIterable<Buffer>

const STDIN = 'standard input'
const MB = 1 << 20
const MAX_TEXT_MB = 64
const MAX_LINE_MB = 16

/** Reads a stream to its end and returns its text, without a byte order mark. Throws a Problem for more than 64 MB. */
export async function readText(input: Input, name = STDIN): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of readable(input, name)) {
    size += chunk.length
    if (size > MAX_TEXT_MB * MB) throw new Problem('input', `${name} is longer than ${MAX_TEXT_MB} MB`)
    chunks.push(chunk)
  }
  return decodeText(Buffer.concat(chunks), name)
}

/** Decodes UTF-8 and removes a byte order mark. Throws a Problem with the name of the input for other bytes. */
export const decodeText = (bytes: Uint8Array, name: string) => withoutMark(decoderFor(name)(bytes))

/** Reads a stream line by line. Only LF and CRLF end a line. Throws a Problem for a line of more than 16 MB. */
export async function* readLines(input: Input, name = STDIN): AsyncIterable<string> {
  const decode = decoderFor(name)
  let line = ''
  let count = 1
  for await (const chunk of readable(input, name)) {
    const [first = '', ...others] = decode(chunk, true).split('\n')
    line += first
    for (const next of others) {
      yield withoutReturn(line)
      line = next
      count++
    }
    if (line.length > MAX_LINE_MB * MB) throw new Problem('input', `line ${count} of ${name} is longer than ${MAX_LINE_MB} MB`)
  }
  line += decode()
  if (line) yield withoutReturn(line)
}

/** Returns a function that decodes UTF-8 in pieces. The function throws a Problem for other bytes. */
function decoderFor(name: string) {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return (bytes?: Uint8Array, stream = false): string => {
    try {
      return decoder.decode(bytes, { stream })
    } catch {
      throw new Problem('input', `cannot read ${name}: it is not UTF-8 text`, { hint: 'iconv -f LATIN1 -t UTF-8 converts a text' })
    }
  }
}

const withoutReturn = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line)

async function* readable(input: Input, name: string): AsyncIterable<Buffer> {
  try {
    for await (const chunk of input) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  } catch (error) {
    throw fileProblem(error, name, 'read')
  }
}
