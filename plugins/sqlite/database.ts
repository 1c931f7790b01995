import fs from 'node:fs'
import path from 'node:path'
import { codeOf, endOfLinks, type Host, makeFolder, Problem } from 'ainative-code'
import { type Connection, connect } from './connection.ts'
import { databaseProblem, NOT_READ, removedProblem } from './database-problem.ts'
import { checkWal } from './database-stamp.ts'
import { migrate } from './migrate.ts'

/** An open database. */
export interface OpenedDatabase {
  connection: Connection
  /** The error of opening the database for writing; set if the connection is a read-only copy in memory. */
  readOnlyReason?: unknown
}

/** Opens and migrates the database at this path; creates the file and its folder if they are missing. */
export async function openDatabase(file: string, host: Host): Promise<OpenedDatabase> {
  try {
    checkPlace(file)
    checkWal(realPath(file))
    if (!host.readOnly) createFile(file)
    // Only a worker has a read-only host, and the main process has already created the file.
    else if (!exists(file)) throw removedProblem(file, NOT_READ)
    return { connection: migrateAndConfigure(await connect(file, { readonly: host.readOnly }), host, file) }
  } catch (error) {
    const connection = mayBeRead(error) ? await guarded(file, () => copyInMemory(file, host)) : undefined
    if (connection) return { connection, readOnlyReason: error }
    throw databaseProblem(error, file)
  }
}

async function guarded<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw databaseProblem(error, file)
  }
}

/** Resolves the symbolic links of a path, also if the file does not exist yet: SQLite creates -wal and -shm beside the real file. */
export function realPath(file: string): string {
  try {
    return fs.realpathSync.native(file)
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? endOfLinks(file) : file
  }
}

/** True if a database file exists. Throws a Problem if its folder is not accessible. */
export function exists(file: string): boolean {
  try {
    fs.statSync(file)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw databaseProblem(error, file)
  }
}

function checkPlace(file: string): void {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  if (!stat || stat.isFile()) return
  throw new Problem('database', `cannot open the database ${file}: ${stat.isDirectory() ? 'it is a folder' : 'it is not a regular file'}`, {
    hint: 'set AINATIVE_DB_PATH or storage.path to a file',
  })
}

function createFile(file: string): void {
  if (exists(file)) return
  makeFolder(path.dirname(file), 0o700)
  fs.closeSync(fs.openSync(file, 'a', 0o600))
}

function migrateAndConfigure(db: Connection, host: Host, file: string): Connection {
  try {
    migrate(db, host, file)
    return configure(db)
  } catch (error) {
    db.close()
    throw error
  }
}

function configure(db: Connection): Connection {
  db.pragma('foreign_keys = on')
  db.pragma('synchronous = full')
  // 4 MB: messages are read page by page, so a larger cache costs memory without any gain.
  db.pragma('cache_size = -4000')
  if (!db.readonly) db.pragma('secure_delete = on')
  return db
}

/** True if the database may be readable in spite of this error, such as on a full disk or in a read-only folder. */
const mayBeRead = (error: unknown) => !(error instanceof Problem) && !/^SQLITE_(NOTADB|CORRUPT|BUSY)/.test(codeOf(error) ?? '')

/**
 * Copies a database to memory, for a disk or folder that is not writable: in WAL mode even a reader creates files. The copy is migrated.
 * Returns undefined if the file is not readable either.
 */
async function copyInMemory(file: string, host: Host): Promise<Connection | undefined> {
  if (!exists(file)) return undefined
  const bytes = (await exclusiveBytes(file)) ?? (await bytesOf(file))
  const copy = bytes && migrateAndConfigure(await connect(inRollbackMode(bytes)), host, file)
  copy?.pragma('query_only = on')
  return copy
}

/** Reads the bytes of a database including its -wal file. In exclusive mode, SQLite creates no -shm file, because it keeps this index in memory. */
async function exclusiveBytes(file: string): Promise<Buffer | undefined> {
  let db: Connection | undefined
  try {
    db = await connect(file)
    db.pragma('locking_mode = exclusive')
    return db.serialize()
  } catch (error) {
    if (mayBeRead(error)) return undefined
    throw error
  } finally {
    db?.close()
  }
}

/** Reads the bytes of a database in a folder that is not writable. If there is a -wal file, a copy in the temporary folder is read. */
async function bytesOf(file: string): Promise<Buffer | undefined> {
  const real = realPath(file)
  if (!fs.statSync(`${real}-wal`, { throwIfNoEntry: false })?.size) return fs.readFileSync(real)
  const folder = fs.mkdtempSync(path.join(process.getBuiltinModule('node:os').tmpdir(), 'ainative-'))
  try {
    const copy = path.join(folder, 'copy.db')
    for (const end of ['', '-wal']) {
      fs.copyFileSync(`${real}${end}`, `${copy}${end}`)
      fs.chmodSync(`${copy}${end}`, 0o600)
    }
    return await exclusiveBytes(copy)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Changes the two header bytes that select WAL mode to rollback mode: a database in memory cannot have a -wal file. */
const inRollbackMode = (bytes: Buffer) => (bytes.length > 20 ? bytes.fill(1, 18, 20) : bytes)
