import fs from 'node:fs'
import path from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { codeOf, messageOf, Problem } from '../kernel/problem.ts'
import { fileProblem } from './file-problem.ts'
import { resolveTarget, type Target } from './output-target.ts'
import { temporaryFile } from './temporary-file.ts'

/** Text that arrives in pieces. */
type Chunks = AsyncIterable<string> | Iterable<string>

/** Files that are written together. Each is a temporary file beside its target until publish() renames it. */
export interface Drafts {
  write(file: string, text: Chunks): Promise<void>
  /** Renames all files to their targets. */
  publish(): void
  /** Removes the temporary files that were not renamed. */
  discard(): void
}

interface Draft {
  file: string
  temporary: string
  target: string
}

function startDrafts(signal: AbortSignal): Drafts {
  let drafts: Draft[] = []
  const targets = new Set<string>()
  const add = (file: string, target: Target): Draft => {
    if (targets.has(target.path)) throw new Problem('file', `two sessions would be written to ${target.path}`)
    targets.add(target.path)
    const draft = { file, temporary: temporaryFile(path.dirname(target.path)), target: target.path }
    drafts.push(draft)
    return draft
  }
  return {
    async write(file, text) {
      try {
        const target = resolveTarget(file)
        if (target.isStream) await writeStream(target.path, text, signal)
        else await writeFile(add(file, target).temporary, target.mode, text, signal)
      } catch (error) {
        throw fileProblem(error, file, 'write')
      }
    },
    publish() {
      for (const [i, { file, temporary, target }] of drafts.entries()) {
        try {
          fs.renameSync(temporary, target)
        } catch (error) {
          throw publishProblem(fileProblem(error, file, 'write'), i, drafts.length)
        }
      }
      drafts = []
    },
    discard() {
      for (const { temporary } of drafts) fs.rmSync(temporary, { force: true })
    },
  }
}

/** Writes all files of `work`, or none if `work` fails. */
export async function allOrNone(signal: AbortSignal, work: (drafts: Drafts) => Promise<void>): Promise<void> {
  const drafts = startDrafts(signal)
  try {
    await work(drafts)
    drafts.publish()
  } finally {
    drafts.discard()
  }
}

const publishProblem = (error: unknown, done: number, all: number) =>
  done === 0 ? error : new Problem('file', `${messageOf(error)}; ${done} of ${all} files were written before`, { cause: error })

async function writeFile(file: string, mode: number | undefined, text: Chunks, signal: AbortSignal): Promise<void> {
  const fd = fs.openSync(file, 'wx')
  try {
    if (mode !== undefined) fs.fchmodSync(fd, mode)
    await writeText((chunk) => fs.writeFileSync(fd, chunk), text, signal)
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

async function writeStream(file: string, text: Chunks, signal: AbortSignal): Promise<void> {
  const fd = await openStream(file, signal)
  try {
    await writeText((chunk) => writeChunk(fd, chunk, signal), text, signal)
  } finally {
    fs.closeSync(fd)
  }
}

const WAIT_MS = 20

/** Opens a pipe or a device for writing. Without O_NONBLOCK, a pipe without a reader would block the process, and Ctrl-C would not work. */
async function openStream(file: string, signal: AbortSignal): Promise<number> {
  const isPipe = fs.statSync(file).isFIFO()
  const { O_WRONLY, O_APPEND, O_NONBLOCK } = fs.constants
  for (;;) {
    try {
      return fs.openSync(file, O_WRONLY | O_APPEND | O_NONBLOCK)
    } catch (error) {
      if (!isPipe || codeOf(error) !== 'ENXIO') throw error
    }
    await setTimeout(WAIT_MS)
    signal.throwIfAborted()
  }
}

const YIELD_MS = 50

/** Writes text. Waits for the event loop only every 50 ms, to check the signal: waiting for each chunk would take longer than the disk. */
async function writeText(write: (chunk: string) => void | Promise<void>, text: Chunks, signal: AbortSignal): Promise<void> {
  let last = performance.now()
  for await (const chunk of inChunks(text)) {
    await write(chunk)
    if (performance.now() - last < YIELD_MS) continue
    await setImmediate()
    last = performance.now()
    signal.throwIfAborted()
  }
}

/** Writes a chunk to a pipe or a device; waits while the pipe is full. */
async function writeChunk(fd: number, chunk: string, signal: AbortSignal): Promise<void> {
  for (let rest = Buffer.from(chunk); rest.length > 0; ) {
    try {
      rest = rest.subarray(fs.writeSync(fd, rest))
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error
      await setTimeout(WAIT_MS)
      signal.throwIfAborted()
    }
  }
}

/** The length of a joined chunk, in UTF-16 units. V8 frees longer strings late. */
const CHUNK = 1 << 15

/** Joins small pieces of text to chunks, so that there are fewer system calls. */
export async function* inChunks(text: Chunks): AsyncIterable<string> {
  let held: string[] = []
  let size = 0
  for await (const piece of text) {
    held.push(piece)
    size += piece.length
    if (size < CHUNK) continue
    yield held.join('')
    held = []
    size = 0
  }
  if (size > 0) yield held.join('')
}
