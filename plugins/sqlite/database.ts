import fs from 'node:fs'
import path from 'node:path'
import { codeOf, endOfLinks, type Host, makeFolder, Problem } from 'ainative-code'
import { migrate } from './migrate.ts'
import { type Connection, connect } from './open.ts'
import { databaseProblem, gone, NOT_READ } from './problem.ts'
import { checkWal } from './stamp.ts'

export interface Opened {
  connection: Connection
  /** Why the database can only be read: the error of opening it for writing. */
  limit?: unknown
}

/** Opens the database of this path at the schema of this program; creates the file and its folder where they are missing. */
export async function openDatabase(file: string, host: Host): Promise<Opened> {
  try {
    checkPlace(file)
    checkWal(realPath(file))
    if (!host.readOnly) createFile(file)
    // The main process has opened it before.
    else if (!exists(file)) throw gone(file, NOT_READ)
    return { connection: prepared(await connect(file, { readonly: host.readOnly }), host, file) }
  } catch (error) {
    const connection = mayBeRead(error) ? await guarded(file, () => copyInMemory(file, host)) : undefined
    if (connection) return { connection, limit: error }
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

/** Where the file lies, or is to be created, without links: SQLite puts -wal and -shm beside it. */
export function realPath(file: string): string {
  try {
    return fs.realpathSync.native(file)
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? endOfLinks(file) : file
  }
}

/** Whether there is a database; a Problem where its folder cannot be searched. */
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

function prepared(db: Connection, host: Host, file: string): Connection {
  try {
    migrate(db, host, file)
    return configured(db)
  } catch (error) {
    db.close()
    throw error
  }
}

function configured(db: Connection): Connection {
  db.pragma('foreign_keys = on')
  db.pragma('synchronous = full')
  // 4 MB: messages are read page by page, so a larger cache only takes memory.
  db.pragma('cache_size = -4000')
  if (!db.readonly) db.pragma('secure_delete = on')
  return db
}

/** Whether the database may be sound, and only cannot be written: the disk is full or read-only, or its folder is. */
const mayBeRead = (error: unknown) => !(error instanceof Problem) && !/^SQLITE_(NOTADB|CORRUPT|BUSY)/.test(codeOf(error) ?? '')

/**
 * A copy in memory of a database whose disk or folder cannot be written: even a reader of a database in WAL mode creates files. The
 * copy has the schema of this program. Undefined where the file cannot be read either.
 */
async function copyInMemory(file: string, host: Host): Promise<Connection | undefined> {
  if (!exists(file)) return undefined
  const bytes = (await exclusiveBytes(file)) ?? (await bytesOf(file))
  const copy = bytes && prepared(await connect(inRollbackMode(bytes)), host, file)
  copy?.pragma('query_only = on')
  return copy
}

/** The bytes of a database with what its -wal file holds. In exclusive mode SQLite keeps the index of that file in memory. */
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

/** The bytes of a database in a folder that cannot be written. What a -wal file holds is read by way of a copy elsewhere. */
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

/** A database in memory cannot have a -wal file, so the two bytes of the header that ask for one are changed. */
const inRollbackMode = (bytes: Buffer) => (bytes.length > 20 ? bytes.fill(1, 18, 20) : bytes)
