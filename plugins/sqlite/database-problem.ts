import fs from 'node:fs'
import path from 'node:path'
import { codeOf, fileProblem, messageOf, Problem } from 'ainative-code'
import { BUSY_MS } from './connection.ts'

const PERMISSIONS = 'check its permissions and those of its folder'
const OPEN_FAILURES = ['EACCES', 'EPERM', 'ENOTDIR', 'EISDIR', 'ENOENT', 'EEXIST', 'ENAMETOOLONG', 'ELOOP']

/** Creates the Problem for a damaged database; `what` names the part that cannot be read. */
export const damagedProblem = (file: string, cause?: unknown, what?: string) =>
  new Problem('damaged', `${what ? `${what} cannot be read: ` : ''}the database ${file} is damaged`, {
    hint: `ainative-code session restore-backup FILE restores a backup; sqlite3 ${file} .recover may recover more`,
    cause,
  })

/** Creates the Problem for an open database whose file was removed or replaced; `about` states the consequence. */
export const removedProblem = (file: string, about: string) =>
  new Problem('database-removed', `${file} was removed or replaced while the database was open; ${about}`, {
    hint: 'restart ainative-code to open the current database',
  })

/** The consequence of a removed database for a read. */
export const NOT_READ = 'the data cannot be read'
/** The consequence of a removed database before a write. */
export const NOT_WRITTEN = 'nothing was written'
/** The consequence of a removed database after a write. */
export const UNCERTAIN = 'the last change may be lost'

const isDamage = (error: unknown) =>
  codeOf(error)?.startsWith('SQLITE_CORRUPT') || /^no such (table|column)/.test(messageOf(error)) || error instanceof SyntaxError

/** True if the error means that the disk has no space (or no quota) left for this file. */
export function isFull(error: unknown, file: string): boolean {
  const code = codeOf(error) ?? ''
  return (
    code.startsWith('SQLITE_FULL') || ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code) || (code.startsWith('SQLITE_IOERR') && hasNoSpace(file))
  )
}

function hasNoSpace(file: string): boolean {
  try {
    return fs.statfsSync(path.dirname(file)).bavail < 64
  } catch {
    return false
  }
}

/** Finds a file or the folder of an existing database that this user cannot write. */
const readOnlyPlace = (file: string) =>
  fs.existsSync(file) &&
  [file, `${file}-wal`, `${file}-shm`, path.dirname(file)].find((place) => fs.existsSync(place) && !isWritable(place))

function isWritable(place: string): boolean {
  try {
    fs.accessSync(place, fs.constants.W_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Converts an error of SQLite or of the file system to a Problem; `what` names the part of the data that was read. Returns any other
 * error unchanged.
 */
export function databaseProblem(error: unknown, file: string, what?: string): unknown {
  if (error instanceof Problem) return error
  const code = codeOf(error) ?? ''
  const problem = (text: string, hint?: string) => new Problem('database', text, { hint, cause: error })
  if (isDamage(error)) return damagedProblem(file, error, what)
  if (code.startsWith('SQLITE_NOTADB'))
    return new Problem('not-a-database', `${file} is not a SQLite database`, {
      hint: 'move the file away, or set AINATIVE_DB_PATH to another file',
      cause: error,
    })
  if (code.startsWith('SQLITE_BUSY')) {
    const { waited = BUSY_MS } = error as { waited?: number }
    return new Problem('locked', `another process has locked the database ${file} (waited ${waited / 1000} s)`, {
      hint: 'try again when the other process has finished',
      cause: error,
    })
  }
  if (isFull(error, file)) return problem(`the disk is full: nothing can be written to ${file}`, 'free some space and try again')
  const place = readOnlyPlace(file)
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS' || (place && code.startsWith('SQLITE_CANTOPEN'))) {
    return problem(`the database ${file} is read-only${place ? `: ${place} is not writable` : ''}`, PERMISSIONS)
  }
  if (code.startsWith('SQLITE_CANTOPEN') || OPEN_FAILURES.includes(code))
    return problem(`cannot open the database ${file}: ${messageOf(error)}`, PERMISSIONS)
  if (code.startsWith('SQLITE_IOERR')) return problem(`I/O error on the database ${file}: ${messageOf(error)}`)
  return error
}

/** Converts an error of SQLite or of the file system to a Problem about writing `file`, which is not the database itself. */
export function writeProblem(error: unknown, file: string): unknown {
  const cause = isFull(error, file) ? Object.assign(new Error(messageOf(error)), { code: 'ENOSPC' }) : error
  const known = fileProblem(cause, file, 'write')
  return known instanceof Problem ? known : databaseProblem(error, file)
}
