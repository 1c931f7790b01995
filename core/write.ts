import fs from 'node:fs'
import { codeOf } from './problem.ts'

/** Writes all of a text, waiting for a slow reader. Not through process.stdout, which loads node's streams. */
export function writeAll(fd: number, text: string): void {
  for (let bytes = Buffer.from(text); bytes.length > 0; ) {
    try {
      bytes = bytes.subarray(fs.writeSync(fd, bytes))
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
