import fs from 'node:fs'
import path from 'node:path'
import { type Context, codeOf, fileProblem, Problem, temporaryFile } from 'ainative-code'
import { type Connection, connect } from './connection.ts'
import { damagedProblem } from './database-problem.ts'
import { nextStamp } from './database-stamp.ts'
import { createPrivate, removeDatabase } from './temporary-database.ts'

/** Pages copied per step: 4 MB. The abort signal is checked between steps. */
const PAGES = 1000

/** The signal that stops a copy, and the function that shows its progress. */
export type Progress = Pick<Context, 'signal' | 'progress'>

/**
 * Copies a consistent snapshot of a database into the database file `target`. Readers of `target` see the old content until the copy is
 * complete.
 */
export async function copyDatabase(source: Connection, target: string, { signal, progress }: Progress): Promise<void> {
  // Without a read transaction, each write of another process would restart the copy.
  source.exec('begin')
  source.pragma('schema_version')
  try {
    await source.backup(target, {
      progress({ totalPages, remainingPages }) {
        signal.throwIfAborted()
        progress(`copying the database: ${Math.floor((100 * (totalPages - remainingPages)) / totalPages)} %`)
        return PAGES
      },
    })
  } finally {
    source.exec('rollback')
    progress('')
  }
}

/** Writes a complete copy of a database to a file. If the copy fails, the file stays unchanged. */
export async function writeCopy(source: Connection, file: string, progress: Progress, { check = true } = {}): Promise<void> {
  const temporary = temporaryFile(path.dirname(file))
  createPrivate(temporary)
  try {
    await copyDatabase(source, temporary, progress)
    await makeIndependent(temporary, source.name, check)
    fs.renameSync(temporary, file)
  } finally {
    removeDatabase(temporary)
  }
}

/** Makes a copy independent of its original: without a -wal file, and with a stamp that no -wal file of the original matches. */
async function makeIndependent(copy: string, original: string, check: boolean): Promise<void> {
  const db = await connect(copy)
  try {
    db.pragma('journal_mode = delete')
    db.pragma(`user_version = ${nextStamp(0)}`)
    if (check && db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damagedProblem(original)
  } finally {
    db.close()
  }
}

/** Resolves the links of a path to a regular file; undefined if the file is missing. A folder, device or pipe is a Problem. */
export function regularFile(file: string, verb: 'read' | 'write'): string | undefined {
  try {
    const stat = fs.statSync(file)
    if (stat.isFile()) return fs.realpathSync(file)
    throw new Problem('file', `${file} is ${stat.isDirectory() ? 'a folder' : 'not a regular file'}`)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw fileProblem(error, file, verb)
  }
}
