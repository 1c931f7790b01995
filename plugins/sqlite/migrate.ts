import { codeOf, type Host, messageOf, Problem, sleepSync } from 'ainative-code'
import { BUSY_MS, type Connection } from './connection.ts'
import { damagedProblem } from './database-problem.ts'
import { incrementStamp } from './database-stamp.ts'
import { type Migration, sqliteHooks } from './hooks.ts'
import { APPLICATION_ID, MIGRATIONS } from './migrations.ts'

/** Migrates the database to the schema of this program and switches to WAL mode. `file` names the database in errors. */
export function migrate(db: Connection, host: Host, file: string): void {
  if (!db.readonly && !db.memory && db.pragma('journal_mode', { simple: true }) !== 'wal') {
    enterWal(db, missingMigrations(db, allMigrations(host), file).length === 0)
  }
  applyMissing(db, host, file)
}

/** Applies the migrations that the database lacks. */
export function applyMissing(db: Connection, host: Host, file: string): void {
  const migrations = allMigrations(host)
  if (missingMigrations(db, migrations, file).length > 0) apply(db, migrations, file)
}

function allMigrations(host: Host): Migration[] {
  const migrations = [...MIGRATIONS]
  sqliteHooks(host).migrations.call((migration) => migrations.push(migration))
  return migrations
}

function apply(db: Connection, migrations: Migration[], file: string): void {
  db.exec('begin immediate')
  try {
    const lacking = missingMigrations(db, migrations, file)
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.exec('create table if not exists migrations (name text primary key, applied_at integer not null) strict')
    for (const { name, up } of lacking) {
      db.exec(up)
      db.prepare('insert into migrations values (?, ?)').run(name, Date.now())
    }
    incrementStamp(db)
    db.exec('commit')
  } catch (error) {
    if (db.inTransaction) db.exec('rollback')
    throw error
  }
}

/**
 * Switches to WAL mode. SQLite's busy timeout does not apply to this switch, so the function retries. If no migration is missing
 * (`complete`), one attempt is enough: every journal mode works, and the reason may be a lock of another process or a full disk.
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

/** The migrations that this database lacks, read in one transaction because another process may be creating the database. */
function missingMigrations(db: Connection, migrations: Migration[], file: string): Migration[] {
  return db.inTransaction ? findMissing(db, migrations, file) : db.transaction(findMissing)(db, migrations, file)
}

function appliedNames(db: Connection, file: string): string[] {
  try {
    return db.prepare('select name from migrations').pluck().all() as string[]
  } catch (error) {
    throw /no such table/.test(messageOf(error)) ? damagedProblem(file) : error
  }
}

function findMissing(db: Connection, migrations: Migration[], file: string): Migration[] {
  const id = db.pragma('application_id', { simple: true })
  if (id !== APPLICATION_ID) {
    const tables = db.prepare("select count(*) from sqlite_schema where type = 'table'").pluck().get()
    if (id === 0 && tables === 0) return migrations
    throw new Problem('foreign-database', `${file} is a SQLite database of another program`, {
      hint: 'set AINATIVE_DB_PATH or storage.path to another file',
    })
  }
  const applied = new Set(appliedNames(db, file))
  const plugins = new Set(migrations.map(({ name }) => name.split('-')[0]))
  const unknown = [...applied].find((name) => plugins.has(name.split('-')[0]) && !migrations.some((each) => each.name === name))
  if (unknown) {
    throw new Problem('newer-database', `${file} was written by a newer version of this program (${unknown})`, {
      hint: 'update ainative-code; the file is unchanged',
    })
  }
  return migrations.filter(({ name }) => !applied.has(name))
}
