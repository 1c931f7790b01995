import type { Connection } from '../../sqlite/index.ts'
import type { Reader } from '../encryption/reader.ts'
import { type Apply, isOfRow, type Page, startApply, undoOnError } from './apply.ts'
import type { MessageRow, SessionRow } from './rows.ts'
import type { State } from './state.ts'
import { withoutTriggers } from './triggers.ts'

/** Applies a page, within a write transaction. */
export function applyRows(connection: Connection, state: State, reader: Reader, rows: (SessionRow | MessageRow)[]): Page {
  // What a page writes is known, and needs no comparison.
  return withoutTriggers(
    connection,
    () => applyFast(connection, state, reader, rows) ?? applyEach(startApply(connection, state, reader, true), rows),
  )
}

function applyEach(apply: Apply, rows: (SessionRow | MessageRow)[]): Page {
  for (const row of rows) apply.row(row)
  return apply.end()
}

/** Applies a page within one savepoint, which costs much less than one for each row; undefined if a row cannot be applied. */
function applyFast(connection: Connection, state: State, reader: Reader, rows: (SessionRow | MessageRow)[]): Page | undefined {
  try {
    return undoOnError(connection, state, () => applyEach(startApply(connection, state, reader, false), rows))
  } catch (error) {
    if (!isOfRow(connection, error)) throw error
    return undefined
  }
}
