import { codeOf, messageOf } from 'ainative-code'
import type { Connection } from '../sqlite/index.ts'
import { TABLES, TRIGGERS } from './schema.ts'
import { INDEX_VERSION } from './version.ts'

/** Whether an error means that the index is damaged or partly missing, rather than that the disk is full or the database locked. */
export const isDamage = (error: unknown) =>
  /^SQLITE_(CORRUPT|CONSTRAINT|MISMATCH)/.test(codeOf(error) ?? '') ||
  /no such (table|column)|malformed|vtable constructor|fts5: (corrupt|missing|error)/.test(messageOf(error))

/** A word that is in every index: damage may make an index look empty. */
const SENTINEL = '\u00b6\u00b6'

/** The tables of an FTS5 table without contents. */
const KEPT = ['data', 'idx', 'docsize', 'config']
const OWN = KEPT.map((part) => `'search_index_${part}'`).join()

/** Whether no table of the index is missing. A write to an index that lacks one would spoil the whole transaction. */
export const isWhole = (connection: Connection) =>
  connection.prepare(`select count(*) from sqlite_schema where name in (${OWN})`).pluck().get() === KEPT.length

/** Throws where the index has lost what it held. */
export function checkIndex(connection: Connection): void {
  if (!isWhole(connection)) throw Object.assign(new Error('the search index has lost a table'), { code: 'SQLITE_CORRUPT_VTAB' })
  const found = connection.prepare('select rowid from search_index where search_index match ?').get(`"${SENTINEL}"`)
  if (!found) throw Object.assign(new Error('the search index has lost its words'), { code: 'SQLITE_CORRUPT_VTAB' })
}

/** Makes an empty index in the place of the one that is there, within a transaction. */
export function reset(connection: Connection): void {
  for (const table of ['search_index', 'search_state', 'search_stale']) drop(connection, table)
  connection.exec(TABLES)
  // Where the index was lost, this connection does not watch yet.
  connection.exec(TRIGGERS)
  connection.prepare('insert into search_index(rowid, text) values (0, ?)').run(SENTINEL)
  connection.prepare('update search_state set version = ?').run(INDEX_VERSION)
}

/** A virtual table whose own tables are damaged cannot be dropped by its name. */
function drop(connection: Connection, table: string): void {
  connection.exec('savepoint dropping')
  try {
    connection.exec(`drop table if exists ${table}; release dropping`)
    return
  } catch {
    connection.exec('rollback to dropping; release dropping')
  }
  connection.unsafeMode(true)
  try {
    connection.exec('pragma writable_schema = on')
    connection.prepare("delete from sqlite_schema where type = 'table' and name = ?").run(table)
    connection.exec('pragma writable_schema = reset')
    for (const part of KEPT) connection.exec(`drop table if exists ${table}_${part}`)
  } finally {
    connection.unsafeMode(false)
  }
}

/** Within a transaction whose own work must not be lost: makes an empty index, or where that fails leaves none, so that the next search makes it. */
export function resetOrLeave(connection: Connection): void {
  connection.exec('savepoint leaving')
  try {
    reset(connection)
    connection.exec('release leaving')
  } catch {
    connection.exec('rollback to leaving; release leaving')
    for (const table of ['search_stale', 'search_state']) if (isThere(connection, table)) connection.exec(`delete from ${table}`)
  }
}

const isThere = (connection: Connection, table: string) =>
  connection.prepare('select 1 from sqlite_schema where name = ?').get(table) !== undefined
