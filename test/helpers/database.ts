import path from 'node:path'
import { type Connection, loadDriver } from '../../plugins/sqlite/driver.ts'
import type { Home } from './cli.ts'

/** Opens a database file beside the program, with the driver of this Node version. */
export const openFile = await loadDriver()

export const databaseOf = (home: Home) => path.join(home.dir, '.config/ainative-code/sessions.db')

/** Opens a home's database beside the program, for one look or one change. */
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

/** What the file holds, and whether SQLite finds it sound. */
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
