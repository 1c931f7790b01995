import { codeOf, type Host, messageOf, Problem, sleepSync } from 'ainative-code'
import { type Migration, sqliteHooks } from './hooks.ts'
import { APPLICATION_ID, MIGRATIONS } from './migrations.ts'
import { BUSY_MS, type Connection } from './open.ts'
import { damaged } from './problem.ts'
import { stampNext } from './stamp.ts'

/** Brings the database to the schema of this program and to WAL mode. `file` names the database in errors. */
export function migrate(db: Connection, host: Host, file: string): void {
  if (!db.readonly && !db.memory && db.pragma('journal_mode', { simple: true }) !== 'wal') {
    enterWal(db, missing(db, wantedMigrations(host), file).length === 0)
  }
  applyMissing(db, host, file)
}

/** Applies the migrations that the database lacks. */
export function applyMissing(db: Connection, host: Host, file: string): void {
  const wanted = wantedMigrations(host)
  if (missing(db, wanted, file).length > 0) apply(db, wanted, file)
}

function wantedMigrations(host: Host): Migration[] {
  const wanted = [...MIGRATIONS]
  sqliteHooks(host).migrations.call((migration) => wanted.push(migration))
  return wanted
}

function apply(db: Connection, wanted: Migration[], file: string): void {
  db.exec('begin immediate')
  try {
    const left = missing(db, wanted, file)
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.exec('create table if not exists migrations (name text primary key, applied_at integer not null) strict')
    for (const { name, up } of left) {
      db.exec(up)
      db.prepare('insert into migrations values (?, ?)').run(name, Date.now())
    }
    stampNext(db)
    db.exec('commit')
  } catch (error) {
    if (db.inTransaction) db.exec('rollback')
    throw error
  }
}

/**
 * Switches to WAL mode, which SQLite does not wait for by itself. Where the database is complete, one attempt is enough: every other
 * journal mode works as well, and another process may hold a lock or the disk may be full.
 */
function enterWal(db: Connection, complete: boolean): void {
  for (let left = BUSY_MS; ; left -= 20) {
    try {
      db.pragma('journal_mode = wal')
      return
    } catch (error) {
      if (complete) return
      if (codeOf(error) !== 'SQLITE_BUSY' || left <= 0) throw error
      sleepSync(20)
    }
  }
}

/** The migrations that this database lacks; looked up in one transaction, since another process may be creating it. */
function missing(db: Connection, wanted: Migration[], file: string): Migration[] {
  return db.inTransaction ? lookUp(db, wanted, file) : db.transaction(lookUp)(db, wanted, file)
}

function appliedIn(db: Connection, file: string): string[] {
  try {
    return db.prepare('select name from migrations').pluck().all() as string[]
  } catch (error) {
    throw /no such table/.test(messageOf(error)) ? damaged(file) : error
  }
}

function lookUp(db: Connection, wanted: Migration[], file: string): Migration[] {
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
