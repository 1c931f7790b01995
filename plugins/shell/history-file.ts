import fs from 'node:fs'
import path from 'node:path'
import { makeFolder } from 'ainative-code'

const KEPT = 5000
/** What is read of the file's end; a longer line is not kept. */
const READ_BYTES = 1 << 20
const LONGEST = 1 << 16

/** The lines of all shells, in a file that is only ever appended to, so that two shells do not overwrite each other. */
export interface History {
  /** Oldest first. */
  lines(): string[]
  /** Keeps a line, unless it begins with a blank or is the one before again; tells whether it did. */
  add(line: string): boolean
  clear(): void
  /** Whether another process, or a command, forgot what was kept here. */
  isGone(): boolean
}

const toLine = (line: string) => line.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
const fromLine = (line: string) => line.replace(/\\(n|\\)/g, (_, char) => (char === 'n' ? '\n' : '\\'))

/** The history in this folder. What cannot be kept is not: a shell without history is better than none. */
export function openHistory(folder: string): History {
  const file = path.join(folder, 'history')
  let last: string | undefined
  let written = false
  return {
    lines: () => readEnd(file).split('\n').filter(Boolean).slice(-KEPT).map(fromLine),
    add(line) {
      if (line === last || /^\s/.test(line) || !line.trim() || line.length > LONGEST) return false
      last = line
      try {
        makeFolder(folder, 0o700)
        fs.chmodSync(folder, 0o700)
        append(file, `${toLine(line)}\n`)
        written = true
      } catch {
        // Kept in this shell alone.
      }
      return true
    },
    isGone: () => written && !fs.existsSync(file),
    clear: () => fs.rmSync(file, { force: true }),
  }
}

function append(file: string, text: string): void {
  if (fs.statSync(file, { throwIfNoEntry: false })?.isFile() === false) throw new Error('it is not a file')
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
    // A pipe would never end.
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
