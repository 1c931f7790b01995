import type { Message, Session } from 'ainative-code'
import { type Connection, fromMessageValues, fromSessionRow, MESSAGE_COLUMNS, type MessageValues } from '../../sqlite/index.ts'
import type { Statements } from './prepare.ts'

/** The number of messages to read at once. */
const CHUNK = 100

/** The statements on the tables of the store. */
export function storeStatements(connection: Connection, { run, get, all }: Statements) {
  const message = connection.prepare(`select ${MESSAGE_COLUMNS.join(', ')} from messages where pk = ?`).raw()
  const messages = connection
    .prepare(
      `select ${MESSAGE_COLUMNS.map((name) => `m.${name}`).join(', ')}, m.pk, exists (select 1 from sync_messages where message = m.pk)
       from messages m where m.session = ? and m.seq > ? order by m.seq limit ${CHUNK}`,
    )
    .raw()
  const session = get<Parameters<typeof fromSessionRow>[0]>('select * from sessions where pk = ? and staged is null')
  return {
    session: (pk: number): Session | undefined => {
      const row = session(pk)
      return row && fromSessionRow(row)
    },
    message: (pk: number): Message | undefined => {
      const row = message.get(pk) as MessageValues | undefined
      return row && fromMessageValues(row)
    },
    pkOf: get<{ pk: number }>('select pk from sessions where id = ? and staged is null'),
    sessionOfMessage: get<{ id: string }>(
      'select s.id from messages m join sessions s on s.pk = m.session where m.pk = ? and s.staged is null and s.local_only is null',
    ),
    /** The next messages of a session after a `seq`, and whether sync knows their rows. */
    messagesAfter: (session: number, seq: number): { pk: number; message: Message; isKnown: boolean }[] =>
      (messages.all(session, seq) as [...MessageValues, pk: number, isKnown: 0 | 1][]).map((row) => ({
        pk: row[MESSAGE_COLUMNS.length] as number,
        message: fromMessageValues(row as unknown as MessageValues),
        isKnown: row[MESSAGE_COLUMNS.length + 1] === 1,
      })),
    numbersOf: all<{ pk: number; seq: number }>(
      `select m.pk, m.seq from messages m left join sync_messages s on s.message = m.pk where m.session = ?
       order by coalesce(s.place, 'g'), s.key, m.seq`,
    ),
    setNumber: run('update messages set seq = ? where pk = ?'),
    setCount: run('update sessions set message_count = ? where pk = ? and message_count <> ?'),
  }
}
