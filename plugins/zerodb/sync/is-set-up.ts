import type { Connection } from '../../sqlite/index.ts'

/** True after the first sync of this database. In a file of its own, because every write asks. */
export const isSetUp = (connection: Connection): boolean =>
  connection.prepare("select 1 from sync_state where key = 'device'").get() !== undefined
