import { codeOf, messageOf } from 'ainative-code'
import type { Connection } from '../sqlite/index.ts'
import { INDEX_VERSION } from './index-version.ts'
import { TABLES, TRIGGERS } from './schema.ts'

/** True if an error means that the index is damaged or incomplete; a full disk or a locked database is neither. */
export const isDamage = (error: unknown) =>
  /^SQLITE_(CORRUPT|CONSTRAINT|MISMATCH)/.test(codeOf(error) ?? '') ||
  /no such (table|column)|malformed|vtable constructor|fts5: (corrupt|missing|error)/.test(messageOf(error))

/** A word that every intact index contains: a damaged index may look empty. */
const SENTINEL = '\u00b6\u00b6'

/** The suffixes of the tables in which FTS5 stores an index without contents. */
const PARTS = ['data', 'idx', 'docsize', 'config']
const PART_TABLES = PARTS.map((part) => `'search_index_${part}'`).join()

/** True if all tables of the index exist. A write to an index without one of them would make the whole transaction fail. */
export const hasAllTables = (connection: Connection) =>
  connection.prepare(`select count(*) from sqlite_schema where name in (${PART_TABLES})`).pluck().get() === PARTS.length

/** Throws an error with the code SQLITE_CORRUPT_VTAB if the index has lost a table or its content. */
export function checkIndex(connection: Connection): void {
  if (!hasAllTables(connection)) throw Object.assign(new Error('a table is missing'), { code: 'SQLITE_CORRUPT_VTAB' })
  const sentinel = connection.prepare('select rowid from search_index where search_index match ?').get(`"${SENTINEL}"`)
  if (!sentinel) throw Object.assign(new Error('the content is missing'), { code: 'SQLITE_CORRUPT_VTAB' })
}

/** Replaces the index with an empty one. The caller holds the transaction. */
export function createEmptyIndex(connection: Connection): void {
  for (const table of ['search_index', 'search_state', 'search_stale']) drop(connection, table)
  connection.exec(TABLES)
  // If the index was missing, this connection has no triggers yet.
  connection.exec(TRIGGERS)
  connection.prepare('insert into search_index(rowid, text) values (0, ?)').run(SENTINEL)
  connection.prepare('update search_state set version = ?').run(INDEX_VERSION)
}

/** Drops a table. If the tables of a virtual table are damaged, `drop table` fails, so its rows in the schema are deleted instead. */
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
    for (const part of PARTS) connection.exec(`drop table if exists ${table}_${part}`)
  } finally {
    connection.unsafeMode(false)
  }
}

/**
 * Replaces the index with an empty one; if that fails, deletes the state of the index, so that the next search rebuilds it. An error does not end
 * the transaction.
 */
export function createOrClearIndex(connection: Connection): void {
  connection.exec('savepoint leaving')
  try {
    createEmptyIndex(connection)
    connection.exec('release leaving')
  } catch {
    connection.exec('rollback to leaving; release leaving')
    for (const table of ['search_stale', 'search_state']) if (exists(connection, table)) connection.exec(`delete from ${table}`)
  }
}

const exists = (connection: Connection, table: string) =>
  connection.prepare('select 1 from sqlite_schema where name = ?').get(table) !== undefined
