import crypto from 'node:crypto'
import fs from 'node:fs'
import fsp from 'node:fs/promises'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { codeOf, makeFolder, messageOf, Problem } from 'ainative-code'

/** More would make strings that V8 keeps long. */
const CHUNK = 1 << 15

/** Joins small pieces of text, so that each write is worth it. */
export async function* inChunks(text: AsyncIterable<string>): AsyncIterable<string> {
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

/** Writes a file whole or not at all: a temporary file beside it takes its place at the end. Makes missing folders. */
export async function writeWhole(file: string, text: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  try {
    const target = await realTarget(file)
    const temporary = target.special
      ? target.path
      : path.join(path.dirname(target.path), `.${path.basename(target.path)}.${crypto.randomBytes(6).toString('hex')}.tmp`)
    const fd = fs.openSync(temporary, target.special ? 'w' : 'wx', target.mode)
    try {
      await writeText(fd, text, signal)
      if (!target.special) fs.fsyncSync(fd)
    } catch (error) {
      if (!target.special) fs.rmSync(temporary, { force: true })
      throw error
    } finally {
      fs.closeSync(fd)
    }
    if (!target.special) fs.renameSync(temporary, target.path)
  } catch (error) {
    throw fileProblem(error, file, 'write')
  }
}

const YIELD_MS = 50

/** Writes without waiting for the event loop, which takes longer than the disk; a signal is still heard now and then. */
async function writeText(fd: number, text: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  let last = performance.now()
  for await (const chunk of inChunks(text)) {
    fs.writeFileSync(fd, chunk)
    if (performance.now() - last < YIELD_MS) continue
    await setImmediate()
    last = performance.now()
    signal.throwIfAborted()
  }
}

/** Where a write goes: through links, and straight into what is no regular file (a device, a pipe). */
async function realTarget(file: string): Promise<{ path: string; mode?: number; special: boolean }> {
  const real = await fsp.realpath(file).catch(() => undefined)
  if (!real) {
    makeFolder(path.dirname(file))
    return { path: file, special: false }
  }
  const stat = await fsp.stat(real)
  if (stat.isDirectory()) throw new Problem('is-folder', `${file} is a folder`)
  return { path: real, mode: stat.mode & 0o777, special: !stat.isFile() }
}

/** A file system error in words. */
export function fileProblem(error: unknown, file: string, verb: string): unknown {
  const why: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EFBIG: 'the file would be too large',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of its path is no folder',
    EEXIST: 'a part of its path is no folder',
    ENAMETOOLONG: 'the name is too long',
  }
  const text = why[codeOf(error) ?? '']
  return text ? new Problem('file', `cannot ${verb} ${file}: ${text}`, { cause: messageOf(error) }) : error
}
