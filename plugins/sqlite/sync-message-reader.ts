import { once, type Store } from 'ainative-code'
import type { Connection } from './connection.ts'
import { databaseProblem } from './database-problem.ts'
import { pieceReader, withPieces } from './reply-pieces.ts'
import { fromMessageValues, MESSAGE_COLUMNS, type MessageValues } from './rows.ts'

const QUERY = `select ${MESSAGE_COLUMNS.join(', ')} from messages
  where session = (select pk from sessions where id = ? and staged is null) order by seq`

/** Creates the store's `readMessages` method, which is synchronous. */
export function syncMessageReader(connection: Connection, file: string): Store['readMessages'] {
  const statement = once(() => connection.prepare(QUERY).raw())
  const pieces = once(() => pieceReader(connection))
  const toMessage = (row: MessageValues) => (row[14] === 'partial' ? withPieces(row, pieces()) : fromMessageValues(row))
  return (id) => {
    try {
      return (statement().all(id) as MessageValues[]).map(toMessage)
    } catch (error) {
      throw databaseProblem(error, file)
    }
  }
}
