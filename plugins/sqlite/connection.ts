import { type Connection, loadDriver } from './driver.ts'

/** The maximum wait of a connection for a lock of another connection, in milliseconds. */
export const BUSY_MS = 5000

export type { Connection }

/** Opens a database file (a path or a `file:` URI), or a database in memory from the bytes of a file. */
export const connect = async (place: string | Buffer, { readonly = false } = {}): Promise<Connection> =>
  (await loadDriver())(place, { timeout: BUSY_MS, readonly })
