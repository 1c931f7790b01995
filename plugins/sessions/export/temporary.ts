import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { codeOf, once } from 'ainative-code'

const NAME = /^\.ainative-export-([0-9a-f]{8})-(\d+)-([0-9a-f]{8})-\d+\.tmp$/

/** This machine and its process ids: a container with the same host name counts its processes anew. */
const place = once(() =>
  crypto
    .createHash('sha256')
    .update(os.hostname() + pidNamespace())
    .digest('hex')
    .slice(0, 8),
)

function pidNamespace(): string {
  try {
    return fs.readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

const run = once(() => crypto.randomBytes(4).toString('hex'))
let last = 0

/** A new name for a temporary file that tells other processes whether its own process still runs. */
export const temporaryName = () => `.ainative-export-${place()}-${process.pid}-${run()}-${++last}.tmp`

/** Removes the temporary files of killed exports from a folder. */
export function removeLeftovers(folder: string): void {
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
    // Another user's file is for that user to remove.
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    // A folder may be writable and not readable.
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
