import fs from 'node:fs'
import { codeOf, messageOf, Problem } from './problem.ts'

/** Writes all of a text to standard output, waiting for a slow reader. Not through process.stdout, which loads node's streams. */
export function writeOut(text: string): void {
  for (let bytes = Buffer.from(text); bytes.length > 0; ) {
    try {
      bytes = bytes.subarray(fs.writeSync(1, bytes))
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EPIPE') throw error
      if (code !== 'EAGAIN')
        throw new Problem('output', `cannot write the result: ${code === 'ENOSPC' ? 'the disk is full' : messageOf(error)}`, {
          cause: error,
        })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

/** Writes to standard error; what cannot be said there is not said. */
export function writeNote(text: string): void {
  try {
    fs.writeSync(2, text)
  } catch {
    // Nobody reads it.
  }
}
