import { Problem } from 'ainative-code'

/** Removes a byte order mark from the first chunk of a file. Throws a Problem for UTF-16 and UTF-32. */
export function withoutByteOrderMark(chunk: Buffer): Buffer {
  const [a, b, c] = chunk
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || (a === 0 && b === 0) || (b === 0 && a !== undefined)) {
    throw new Problem('json', 'the encoding is UTF-16 or UTF-32; expected UTF-8')
  }
  return a === 0xef && b === 0xbb && c === 0xbf ? chunk.subarray(3) : chunk
}
