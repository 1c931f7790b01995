import fs from 'node:fs'
import path from 'node:path'
import { type Context, fileProblem, Problem, temporaryFile } from 'ainative-code'
import { type Connection, connect } from './open.ts'
import { damaged } from './problem.ts'
import { nextStamp } from './stamp.ts'
import { createPrivate, removeDatabase } from './temporary.ts'

/** Pages of one step: 4 MB, between which a signal is heard. */
const PAGES = 1000

export type Progress = Pick<Context, 'signal' | 'progress'>

/** Copies a database, as it is at one moment, into the database file `target`, whose readers see the old content until the end. */
export async function copyDatabase(source: Connection, target: string, { signal, progress }: Progress): Promise<void> {
  // Without a read transaction, each write of another process would start the copy again.
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

/** Writes a copy of a database to a file, whole or not at all. */
export async function writeCopy(source: Connection, file: string, progress: Progress, { check = true } = {}): Promise<void> {
  const temporary = temporaryFile(path.dirname(file))
  createPrivate(temporary)
  try {
    await copyDatabase(source, temporary, progress)
    await finish(temporary, source.name, check)
    fs.renameSync(temporary, file)
  } finally {
    removeDatabase(temporary)
  }
}

/** Makes a copy a file of its own: without a -wal file, and with a stamp that no -wal file of the original matches. */
async function finish(copy: string, original: string, check: boolean): Promise<void> {
  const db = await connect(copy)
  try {
    db.pragma('journal_mode = delete')
    db.pragma(`user_version = ${nextStamp(0)}`)
    if (check && db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damaged(original)
  } finally {
    db.close()
  }
}

/** The file that a path leads to, through links; undefined where there is none. Refuses what is no regular file. */
export function regularFile(file: string, verb: 'read' | 'write'): string | undefined {
  try {
    const stat = fs.statSync(file, { throwIfNoEntry: false })
    if (!stat) return undefined
    if (stat.isFile()) return fs.realpathSync(file)
    throw new Problem('file', `${file} is ${stat.isDirectory() ? 'a folder' : 'not a regular file'}`)
  } catch (error) {
    throw fileProblem(error, file, verb)
  }
}
