import type { Writable } from 'node:stream'

/** Lets a command end before it has read all of its input, as it may: EPIPE is then no error of the test. */
export function mayLeave(stdin: Writable | null): void {
  stdin?.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') throw error
  })
}
