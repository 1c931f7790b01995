import { type Connection, loadDriver } from './driver.ts'

/** How long a connection waits for a lock that another one holds, in milliseconds. */
export const BUSY_MS = 5000

export type { Connection }

/** Opens a database: a file (a path or a `file:` URI), or the bytes of one, which then lives in memory. */
export const connect = async (place: string | Buffer, { readonly = false } = {}): Promise<Connection> =>
  (await loadDriver())(place, { timeout: BUSY_MS, readonly })
