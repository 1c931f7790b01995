import fs from 'node:fs'
import type { Readable } from 'node:stream'
import { interrupted } from '../kernel/problem.ts'
import { fileProblem } from './file-problem.ts'
import { READ_FLAGS } from './regular-file.ts'

/**
 * Reads a file that the command line names: a regular file, a pipe or a device. Waits for the writer of a pipe until the signal aborts.
 * Errors are Problems that name the file.
 */
export async function* openInput(file: string, signal: AbortSignal): AsyncIterable<Buffer> {
  try {
    const input = await streamOf(file)
    destroyOnAbort(signal, input)
    yield* input
  } catch (error) {
    throw fileProblem(error, file, 'read')
  }
}

/** Destroys a stream when the signal aborts, also while nothing reads the stream. */
export function destroyOnAbort(signal: AbortSignal, input: Readable): void {
  const stop = () => input.destroy(interrupted())
  input.on('error', () => undefined)
  input.once('close', () => signal.removeEventListener('abort', stop))
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
}

async function streamOf(file: string): Promise<Readable> {
  const fd = fs.openSync(file, READ_FLAGS)
  try {
    const stat = fs.fstatSync(fd)
    if (stat.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    if (stat.isFIFO() || stat.isSocket()) return new (await import('node:net')).Socket({ fd, readable: true, writable: false })
    const tty = await import('node:tty')
    return tty.isatty(fd) ? new tty.ReadStream(fd) : fs.createReadStream(file, { fd, highWaterMark: CHUNK })
  } catch (error) {
    fs.closeSync(fd)
    throw error
  }
}

const CHUNK = 1 << 16
