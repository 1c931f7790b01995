import fs from 'node:fs'
import path from 'node:path'
import { codeOf, type Host, makeFolder, messageOf, Problem } from 'ainative-code'
import { type Connection, loadDriver, type Open } from './driver.ts'
import { sqliteHooks } from './hooks.ts'
import { APPLICATION_ID, MIGRATIONS } from './migrations.ts'

/** How long a connection waits for another one's lock, in milliseconds. */
export const BUSY_MS = 5000

export type { Connection }

/** Opens the database of this path, making it and its folder where they are missing, at the schema of this program. */
export async function openDatabase(file: string, host: Host): Promise<Connection> {
  const open = await loadDriver()
  try {
    if (!host.readOnly) createFile(file)
    return prepared(open(file, { timeout: BUSY_MS, readonly: host.readOnly }), host, file)
  } catch (error) {
    const copy = onReadOnlyDisk(file) ? readCopy(open, file) : undefined
    if (copy) return prepared(copy, host, file)
    throw databaseProblem(error, file)
  }
}

function prepared(db: Connection, host: Host, file: string): Connection {
  try {
    migrate(db, host, file)
    db.pragma('foreign_keys = on')
    db.pragma('synchronous = full')
    // 4 MB: reading goes page by page, and more only took memory.
    db.pragma('cache_size = -4000')
    if (!db.readonly) db.pragma('secure_delete = on')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function onReadOnlyDisk(file: string): boolean {
  try {
    fs.accessSync(path.dirname(file), fs.constants.W_OK)
    return false
  } catch {
    return fs.existsSync(file)
  }
}

/** SQLite needs to write beside a database with a log, even to read it. Where it cannot, and the log is empty, a copy in memory is read. */
function readCopy(open: Open, file: string): Connection | undefined {
  if ((fs.statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) return undefined
  const bytes = fs.readFileSync(file)
  // The two bytes of the header that ask for a log.
  bytes.fill(1, 18, 20)
  return open(bytes, { readonly: true })
}

function createFile(file: string): void {
  if (fs.existsSync(file)) return
  makeFolder(path.dirname(file), 0o700)
  fs.closeSync(fs.openSync(file, 'a', 0o600))
}

function migrate(db: Connection, host: Host, file: string): void {
  const wanted = [...MIGRATIONS]
  sqliteHooks(host).migrations.call((migration) => wanted.push(migration))
  const complete = missing(db, wanted, file).length === 0
  if (!db.readonly && db.pragma('journal_mode', { simple: true }) !== 'wal') enterWal(db)
  if (complete) return
  db.exec('begin immediate')
  try {
    const left = missing(db, wanted, file)
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.exec('create table if not exists migrations (name text primary key, applied_at integer not null) strict')
    for (const { name, up } of left) {
      db.exec(up)
      db.prepare('insert into migrations values (?, ?)').run(name, Date.now())
    }
    db.exec('commit')
  } catch (error) {
    if (db.inTransaction) db.exec('rollback')
    throw error
  }
}

/** Two processes that make one database at once: SQLite does not wait for this lock by itself. */
function enterWal(db: Connection): void {
  for (let left = BUSY_MS; ; left -= 20) {
    try {
      db.pragma('journal_mode = wal')
      return
    } catch (error) {
      if (codeOf(error) !== 'SQLITE_BUSY' || left <= 0) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
}

/** The migrations that this database lacks; looked at in one transaction, since another process may be making it. */
function missing(db: Connection, wanted: typeof MIGRATIONS, file: string): typeof MIGRATIONS {
  return db.inTransaction ? lookUp(db, wanted, file) : db.transaction(lookUp)(db, wanted, file)
}

function appliedIn(db: Connection, file: string): string[] {
  try {
    return db.prepare('select name from migrations').pluck().all() as string[]
  } catch (error) {
    throw /no such table/.test(messageOf(error)) ? damaged(file) : error
  }
}

function lookUp(db: Connection, wanted: typeof MIGRATIONS, file: string): typeof MIGRATIONS {
  const id = db.pragma('application_id', { simple: true })
  if (id !== APPLICATION_ID) {
    const tables = db.prepare("select count(*) from sqlite_schema where type = 'table'").pluck().get()
    if (id === 0 && tables === 0) return wanted
    throw new Problem('foreign-database', `${file} is a SQLite database of another program`, {
      hint: 'set AINATIVE_DB_PATH or storage.path to another file',
    })
  }
  const applied = new Set(appliedIn(db, file))
  const plugins = new Set(wanted.map(({ name }) => name.split('-')[0]))
  const unknown = [...applied].find((name) => plugins.has(name.split('-')[0]) && !wanted.some((each) => each.name === name))
  if (unknown) {
    throw new Problem('newer-database', `${file} was written by a newer version of this program (${unknown})`, {
      hint: 'update ainative-code; the file is untouched',
    })
  }
  return wanted.filter(({ name }) => !applied.has(name))
}

function isFull(file: string): boolean {
  try {
    return fs.statfsSync(path.dirname(file)).bavail < 64
  } catch {
    return false
  }
}

const damaged = (file: string, cause?: unknown) =>
  new Problem('database', `the database ${file} is damaged`, { hint: `sqlite3 ${file} .recover may save what is in it`, cause })

/** What went wrong with the file, in words. */
export function databaseProblem(error: unknown, file: string): unknown {
  if (error instanceof Problem) return error
  const code = codeOf(error) ?? ''
  const say = (text: string, hint?: string) => new Problem('database', text, { hint, cause: error })
  if (code.startsWith('SQLITE_NOTADB'))
    return say(`${file} is not a SQLite database`, 'move it away, or set AINATIVE_DB_PATH to another file')
  if (code.startsWith('SQLITE_CORRUPT') || /^no such (table|column)/.test(messageOf(error)) || error instanceof SyntaxError)
    return damaged(file, error)
  if (code.startsWith('SQLITE_BUSY'))
    return new Problem('locked', `another process has locked the database ${file} (waited ${BUSY_MS / 1000} s)`, {
      hint: 'try again when it is done',
      cause: error,
    })
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC' || (code.startsWith('SQLITE_IOERR') && isFull(file)))
    return say(`the disk is full: nothing was written to ${file}`, 'make room and try again')
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS')
    return say(`the database ${file} is read-only`, 'check its permissions and those of its folder')
  if (code.startsWith('SQLITE_CANTOPEN') || ['EACCES', 'EPERM', 'ENOTDIR', 'EISDIR', 'ENOENT', 'EEXIST'].includes(code)) {
    return say(`cannot open the database ${file}: ${messageOf(error)}`, 'check its permissions and those of its folder')
  }
  if (code.startsWith('SQLITE_IOERR')) return say(`the disk failed under the database ${file}: ${messageOf(error)}`)
  return error
}
