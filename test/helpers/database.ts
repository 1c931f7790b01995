import path from 'node:path'
import { type Connection, loadDriver } from '../../plugins/sqlite/driver.ts'
import type { Home } from './cli.ts'

/** Opens a database file without the program, with the driver of this Node version. */
export const openFile = await loadDriver()

/** Returns the path of the database of a home. */
export const databaseOf = (home: Home) => path.join(home.dir, '.config/ainative-code/sessions.db')

/** Opens the database of a home without the program, runs `work`, and closes the database. */
export function withDatabase<T>(home: Home, work: (db: Connection) => T): T {
  const db = openFile(databaseOf(home))
  const close = () => {
    db.close()
  }
  try {
    const result = work(db)
    if (result instanceof Promise) return result.finally(close) as T
    close()
    return result
  } catch (error) {
    close()
    throw error
  }
}

/** Returns the numbers of rows in the database of a home, and the results of the integrity checks of SQLite. */
export const lookInto = (home: Home) =>
  withDatabase(home, (db) => {
    const count = (query: string) => db.prepare(query).pluck().get() as number
    return {
      integrity: db.pragma('integrity_check', { simple: true }),
      foreign: (db.pragma('foreign_key_check') as unknown[]).length,
      sessions: count('select count(*) from sessions where staged is null'),
      trashed: count('select count(*) from sessions where deleted_at is not null'),
      staged: count('select count(*) from sessions where staged is not null'),
      imports: count('select count(*) from imports'),
      messages: count('select count(*) from messages'),
    }
  })
