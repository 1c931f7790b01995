import type { Writable } from 'node:stream'

/** Ignores EPIPE, because a command may end before it has read all of its input. */
export function mayLeave(stdin: Writable | null): void {
  stdin?.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') throw error
  })
}
