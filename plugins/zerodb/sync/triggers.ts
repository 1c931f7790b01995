import type { Connection } from '../../sqlite/index.ts'
import { DROP_TRIGGERS, TRIGGERS } from './schema.ts'

const connectionsWithTriggers = new WeakSet<Connection>()

/** True if the connection lists what it changes. */
export const hasTriggers = (connection: Connection) => connectionsWithTriggers.has(connection)

/** Creates the temporary triggers of a connection. */
export function setTriggers(connection: Connection): void {
  if (connectionsWithTriggers.has(connection)) return
  connection.exec(TRIGGERS)
  connectionsWithTriggers.add(connection)
}

/**
 * Runs work whose changes need no record, within a transaction. If the work fails, the transaction has to be rolled back, which also
 * restores the triggers.
 */
export function withoutTriggers<T>(connection: Connection, work: () => T): T {
  connection.exec(DROP_TRIGGERS)
  const result = work()
  connection.exec(TRIGGERS)
  return result
}
