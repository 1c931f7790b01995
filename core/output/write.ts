import fs from 'node:fs'
import { sleepSync } from '../files/sleep.ts'
import { codeOf, messageOf, Problem } from '../kernel/problem.ts'
import { createPace } from './pace.ts'

const STDOUT = 1
const STDERR = 2
const MAX_WAIT_MS = 20

/** Writes what a stream takes now; 0 where its reader is slow and the stream does not block. Not through process.stdout, which loads node's streams. */
function writeSome(fd: number, bytes: Buffer): number {
  try {
    return fs.writeSync(fd, bytes)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EAGAIN') return 0
    // ECONNRESET is the EPIPE of a socket whose reader leaves bytes unread; Node gives a child process sockets for pipes.
    if (code === 'EPIPE' || code === 'ECONNRESET') throw Object.assign(error as Error, { code: 'EPIPE' })
    throw new Problem('output', `cannot write the result: ${code === 'ENOSPC' ? 'the disk is full' : messageOf(error)}`, { cause: error })
  }
}

/** Writes to standard error, waiting for a slow reader; where that fails, nothing is written. */
export function writeNote(text: string): void {
  try {
    for (let bytes = Buffer.from(text); bytes.length > 0; ) {
      const written = writeSome(STDERR, bytes)
      bytes = bytes.subarray(written)
      if (written === 0) sleepSync(MAX_WAIT_MS)
    }
  } catch {
    // Nobody reads it.
  }
}

/** A pipe that blocks is only used for less text than every pipe takes at once: a signal is not heard while a write blocks. */
const SHORT_TEXT = 4096
/** Bytes of one write. A terminal always blocks, so a long text goes in slices between which signals are heard. */
const SLICE = 16_384
const YIELD_MS = 50

/**
 * Writes to standard output, all texts in order. Lets the event loop run now and then, and while a reader is slow, so that a signal is
 * heard; once that is aborted nothing more is written.
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
    // Makes a pipe non-blocking.
    if (total > SHORT_TEXT) void process.stdout
    busy = busy.catch(() => undefined).then(() => write(text))
    return busy
  }
}
