import fs from 'node:fs'
import path from 'node:path'
import { makeFolder } from 'ainative-code'

/** The maximum number of lines in a history. */
const MAX_LINES = 5000
/** The number of bytes to read from the end of the file. */
const READ_BYTES = 1 << 20
/** The maximum length of a line, in UTF-16 code units; longer lines are not stored. */
const MAX_LENGTH = 1 << 16

/** The history of all shells, in one file. Shells only append to the file, so that two shells do not overwrite each other. */
export interface History {
  /** The lines, oldest first. */
  lines(): string[]
  /** Adds a line and returns true. Ignores a line that starts with a space or repeats the previous line, and returns false. */
  add(line: string): boolean
  /** Deletes the file. */
  clear(): void
  /** True if another process or a command has deleted the file after a line was added. */
  isGone(): boolean
}

const toLine = (line: string) => line.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
const fromLine = (line: string) => line.replace(/\\(n|\\)/g, (_, char) => (char === 'n' ? '\n' : '\\'))

/** Opens the history in a folder. Ignores write errors, so that the shell works without a history file. */
export function openHistory(folder: string): History {
  const file = path.join(folder, 'history')
  let last: string | undefined
  let hasWritten = false
  return {
    lines: () => readEnd(file).split('\n').filter(Boolean).slice(-MAX_LINES).map(fromLine),
    add(line) {
      if (line === last || /^\s/.test(line) || !line.trim() || line.length > MAX_LENGTH) return false
      last = line
      try {
        makeFolder(folder, 0o700)
        fs.chmodSync(folder, 0o700)
        append(file, `${toLine(line)}\n`)
        hasWritten = true
      } catch {
        // The line is in the history of this shell only.
      }
      return true
    },
    isGone: () => hasWritten && !fs.existsSync(file),
    clear: () => fs.rmSync(file, { force: true }),
  }
}

function append(file: string, text: string): void {
  if (fs.statSync(file, { throwIfNoEntry: false })?.isFile() === false) throw new Error('not a regular file')
  const handle = fs.openSync(file, 'a', 0o600)
  try {
    fs.fchmodSync(handle, 0o600)
    fs.writeSync(handle, text)
  } finally {
    fs.closeSync(handle)
  }
}

function readEnd(file: string): string {
  try {
    const stat = fs.statSync(file)
    // Reading a pipe would never end.
    if (!stat.isFile()) return ''
    const { size } = stat
    if (size <= READ_BYTES) return fs.readFileSync(file, 'utf8')
    const handle = fs.openSync(file, 'r')
    const bytes = Buffer.alloc(READ_BYTES)
    const read = fs.readSync(handle, bytes, 0, READ_BYTES, size - READ_BYTES)
    fs.closeSync(handle)
    return bytes.toString('utf8', bytes.indexOf(10) + 1, read)
  } catch {
    return ''
  }
}
