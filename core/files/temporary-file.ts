import fs from 'node:fs'
import path from 'node:path'
import { once } from '../kernel/once.ts'
import { codeOf } from '../kernel/problem.ts'
import { randomBytes } from './random.ts'

/** The names of temporary files, and of the files that SQLite keeps beside a database. */
const NAME = /^\.ainative-([0-9a-f]{8})-(\d+)-([0-9a-f]{8})-\d+\.tmp(-journal|-wal|-shm)?$/

/** A hash of the host name and the process namespace, since two containers can share a host name and a process id. */
const place = once(() => {
  // Not imported at the top, since every start would load them.
  const { createHash } = process.getBuiltinModule('node:crypto')
  const { hostname } = process.getBuiltinModule('node:os')
  return createHash('sha256')
    .update(hostname() + pidNamespace())
    .digest('hex')
    .slice(0, 8)
})

function pidNamespace(): string {
  try {
    return fs.readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

const run = once(() => Buffer.from(randomBytes(4)).toString('hex'))
let last = 0

const cleaned = new Set<string>()

/**
 * Returns a new name for a temporary file in `folder`. The name contains the process id, so that the first call for a folder can remove
 * the files of killed processes.
 */
export function temporaryFile(folder: string): string {
  if (!cleaned.has(folder)) removeLeftovers(folder)
  cleaned.add(folder)
  return path.join(folder, `.ainative-${place()}-${process.pid}-${run()}-${++last}.tmp`)
}

function removeLeftovers(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, at, pid, owner] = NAME.exec(name) ?? []
    if (at !== place() || owner === run()) continue
    if (Number(pid) === process.pid || !isRunning(Number(pid))) remove(path.join(folder, name))
  }
}

function remove(file: string): void {
  try {
    fs.rmSync(file, { force: true })
  } catch {
    // The file of another user cannot be removed.
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    // A folder can be writable but not readable.
    return []
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
