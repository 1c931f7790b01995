import fs from 'node:fs'
import path from 'node:path'
import { codeOf, type Host, makeFolder, Problem, temporaryFile } from 'ainative-code'
import { type Connection, connect } from './connection.ts'
import { damagedProblem, databaseProblem, isFull } from './database-problem.ts'
import { checkWal } from './database-stamp.ts'
import { applyMissing } from './migrate.ts'
import { APPLICATION_ID } from './migrations.ts'
import { createPrivate, removeDatabase } from './temporary-database.ts'

/** A verified and migrated copy of a backup, in the folder of the database that the copy will replace. */
export interface Candidate {
  connection: Connection
  file: string
  remove(): void
}

/** Copies, verifies and migrates a backup. Throws a Problem if the backup is damaged, foreign or of a newer version. */
export async function openCandidate(backup: string, database: string, host: Host): Promise<Candidate> {
  const file = temporaryFile(path.dirname(database))
  let connection: Connection | undefined
  const remove = () => {
    connection?.close()
    removeDatabase(file)
  }
  try {
    makeFolder(path.dirname(database), 0o700)
    checkWal(backup)
    copyFiles(backup, file)
    connection = await connect(file)
    connection.pragma('journal_mode = delete')
    checkContent(connection, backup)
    applyMissing(connection, host, backup)
    return { connection, file, remove }
  } catch (error) {
    remove()
    throw isOfDatabase(error, backup, database) ? databaseProblem(error, database) : backupProblem(databaseProblem(error, backup), backup)
  }
}

/** True if an error concerns the folder of the database, where the copy is written, and not the backup. */
function isOfDatabase(error: unknown, backup: string, database: string): boolean {
  if (isFull(error, database) || /^SQLITE_(IOERR|CANTOPEN|READONLY)/.test(codeOf(error) ?? '')) return true
  const { path: place } = error as NodeJS.ErrnoException
  return place !== undefined && place !== backup && place !== `${backup}-wal`
}

function backupProblem(problem: unknown, backup: string): unknown {
  const what: Record<string, string> = { damaged: 'is damaged', 'not-a-database': 'is not a SQLite database' }
  const text = what[codeOf(problem) ?? '']
  return text ? new Problem('invalid-backup', `the backup ${backup} ${text}`, { hint: 'restore another backup', cause: problem }) : problem
}

/** Copies the backup file, and its -wal file if there is one: a backup made with cp may have one. */
function copyFiles(backup: string, file: string): void {
  for (const end of ['', '-wal']) {
    if (end && !fs.existsSync(`${backup}${end}`)) continue
    createPrivate(`${file}${end}`)
    fs.copyFileSync(`${backup}${end}`, `${file}${end}`)
    fs.chmodSync(`${file}${end}`, 0o600)
  }
}

function checkContent(db: Connection, backup: string): void {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    throw new Problem('foreign-database', `${backup} is not a backup of this program`, {
      hint: 'ainative-code session backup FILE creates one',
    })
  if (db.pragma('integrity_check(1)', { simple: true }) !== 'ok') throw damagedProblem(backup)
}
