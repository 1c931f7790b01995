import type { Connection } from '../../sqlite/index.ts'

/** True after the first sync of this database. This file is small and separate, because every write needs this check. */
export const isSetUp = (connection: Connection): boolean =>
  connection.prepare("select 1 from sync_state where key = 'device'").get() !== undefined
