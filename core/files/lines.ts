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
  return withoutMark(Buffer.concat(chunks).toString())
}

/** Reads a stream line by line. Only LF and CRLF end a line. Throws a Problem for a line of more than 16 MB. */
export async function* readLines(input: Input, name = STDIN): AsyncIterable<string> {
  // Not imported at the top of the file, because few starts read lines.
  const { StringDecoder } = process.getBuiltinModule('node:string_decoder')
  const decoder = new StringDecoder('utf8')
  let line = ''
  let count = 1
  for await (const chunk of readable(input, name)) {
    const [first = '', ...others] = decoder.write(chunk).split('\n')
    line += first
    for (const next of others) {
      yield withoutReturn(line)
      line = next
      count++
    }
    if (line.length > MAX_LINE_MB * MB) throw new Problem('input', `line ${count} of ${name} is longer than ${MAX_LINE_MB} MB`)
  }
  line += decoder.end()
  if (line) yield withoutReturn(line)
}

const withoutReturn = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line)

async function* readable(input: Input, name: string): AsyncIterable<Buffer> {
  try {
    for await (const chunk of input) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  } catch (error) {
    throw fileProblem(error, name, 'read')
  }
}
