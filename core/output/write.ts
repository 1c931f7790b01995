import fs from 'node:fs'
import { sleepSync } from '../files/sleep.ts'
import { codeOf, messageOf, Problem } from '../kernel/problem.ts'
import { createPace } from './pace.ts'

const STDOUT = 1
const STDERR = 2
const MAX_WAIT_MS = 20

/**
 * Writes the bytes that a stream accepts now, and returns their count: 0 for a full non-blocking pipe. Avoids process.stdout, which loads
 * the streams of Node.
 */
function writeSome(fd: number, bytes: Buffer): number {
  try {
    return fs.writeSync(fd, bytes)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EAGAIN') return 0
    // A socket fails with ECONNRESET in place of EPIPE if its reader leaves bytes unread. Node uses sockets as the pipes of child processes.
    if (code === 'EPIPE' || code === 'ECONNRESET') throw Object.assign(error as Error, { code: 'EPIPE' })
    throw new Problem('output', `cannot write the result: ${code === 'ENOSPC' ? 'the disk is full' : messageOf(error)}`, { cause: error })
  }
}

/** Writes to standard error, and waits for a slow reader. Ignores errors. */
export function writeNote(text: string): void {
  try {
    for (let bytes = Buffer.from(text); bytes.length > 0; ) {
      const written = writeSome(STDERR, bytes)
      bytes = bytes.subarray(written)
      if (written === 0) sleepSync(MAX_WAIT_MS)
    }
  } catch {
    // Standard error has no reader.
  }
}

/** The number of characters that every pipe accepts at once. Longer text needs a non-blocking pipe, because a blocked write delays signals. */
const SHORT_TEXT = 4096
/** The number of bytes in one write. A write to a terminal always blocks, so signals are handled between two writes. */
const SLICE = 16_384
const YIELD_MS = 20

/**
 * Returns a function that writes texts to standard output in order. Lets the event loop handle signals every 20 ms and while a reader is
 * slow. Writes nothing more once the signal is aborted.
 */
export function outputWriter(signal: AbortSignal): (text: string) => Promise<void> {
  const pause = createPace(YIELD_MS)
  let total = 0
  let busy: Promise<void> = Promise.resolve()
  const write = async (text: string) => {
    for (let bytes = Buffer.from(text), wait = 1; bytes.length > 0; ) {
      const written = writeSome(STDOUT, bytes.subarray(0, SLICE))
      bytes = bytes.subarray(written)
      if (written > 0) {
        wait = 1
        await pause()
      } else {
        await new Promise((resolve) => setTimeout(resolve, wait))
        wait = Math.min(2 * wait, MAX_WAIT_MS)
      }
      if (bytes.length > 0) signal.throwIfAborted()
    }
  }
  return (text) => {
    total += text.length
    // The getter process.stdout makes a pipe non-blocking.
    if (total > SHORT_TEXT) void process.stdout
    busy = busy.catch(() => undefined).then(() => write(text))
    return busy
  }
}
