import { type Connection, loadDriver } from './driver.ts'

/** How long a connection waits for a lock that another connection holds, in milliseconds. */
export const BUSY_MS = 5000

export type { Connection }

/** Opens a database file (a path or a `file:` URI), or a database in memory from the bytes of a file. */
export const connect = async (place: string | Buffer, { readonly = false } = {}): Promise<Connection> =>
  (await loadDriver())(place, { timeout: BUSY_MS, readonly })
