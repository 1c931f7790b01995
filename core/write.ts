import fs from 'node:fs'
import { createPace } from './pace.ts'
import { codeOf, messageOf, Problem } from './problem.ts'

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
      if (written === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MAX_WAIT_MS)
    }
  } catch {
    // Nobody reads it.
  }
}

/** What a pipe holds without a reader; what is larger must not block. */
const PIPE_SIZE = 65_536
const YIELD_MS = 50

/**
 * Writes to standard output, all texts in order. Lets the event loop run now and then, and while a reader is slow, so that a signal is
 * heard; once that is aborted nothing more is written.
 */
export function outputWriter(signal: AbortSignal): (text: string) => Promise<void> {
  const pause = createPace(YIELD_MS)
  let total = 0
  let busy: Promise<void> | undefined
  const drain = async (left: Buffer) => {
    for (let bytes = left, wait = 1; bytes.length > 0; ) {
      await new Promise((resolve) => setTimeout(resolve, wait))
      signal.throwIfAborted()
      const written = writeSome(STDOUT, bytes)
      bytes = bytes.subarray(written)
      wait = written > 0 ? 1 : Math.min(2 * wait, MAX_WAIT_MS)
    }
  }
  return async (text) => {
    while (busy) await busy
    const bytes = Buffer.from(text)
    total += bytes.length
    // Makes a pipe non-blocking.
    if (total > PIPE_SIZE) void process.stdout
    const written = writeSome(STDOUT, bytes)
    if (written < bytes.length) {
      busy = drain(bytes.subarray(written)).finally(() => {
        busy = undefined
      })
      await busy
    }
    await pause()
  }
}
