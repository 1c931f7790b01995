import type { Message, Session } from 'ainative-code'
import {
  type Connection,
  fromMessageValues,
  fromSessionRow,
  MESSAGE_COLUMNS,
  type MessageValues,
  readText,
  type StoredText,
  storeText,
} from '../../sqlite/index.ts'
import type { Statements } from './prepare.ts'
import { TOUCH_ALL } from './schema.ts'

/** The number of messages to list at once. */
const CHUNK = 1000

/** A message of a session, without its content. */
interface ListedMessage {
  pk: number
  id: string
  seq: number
  /** 1 if sync knows the row. */
  isKnown: 0 | 1
}

/** The statements on the tables of the store. */
export function storeStatements(connection: Connection, { run, get, all }: Statements) {
  const message = connection.prepare(`select ${MESSAGE_COLUMNS.join(', ')} from messages where pk = ?`).raw()
  const messages = all<Omit<ListedMessage, 'id'> & { id: StoredText }>(
    `select pk, id, seq, exists (select 1 from sync_messages where message = messages.pk) as isKnown
     from messages where session = ? and seq > ? order by seq limit ${CHUNK}`,
  )
  const messageById = get<{ pk: number }>(
    'select m.pk from sessions s join messages m on m.session = s.pk where s.id = ? and s.staged is null and m.id = ?',
  )
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
    /** Lists a session, so that the next sync compares it with all of its messages. */
    touchAll: run(`${TOUCH_ALL} and id = ?`),
    pkOf: get<{ pk: number }>('select pk from sessions where id = ? and staged is null'),
    sessionOfMessage: get<{ id: string }>(
      'select s.id from messages m join sessions s on s.pk = m.session where m.pk = ? and s.staged is null and s.local_only is null',
    ),
    messageById: (session: string, id: string) => messageById(session, storeText(id)),
    /** The next messages of a session after a `seq`. */
    messagesAfter: (session: number, seq: number): ListedMessage[] =>
      messages(session, seq).map((row) => ({ ...row, id: readText(row.id) })),
    numbersOf: all<{ pk: number; seq: number }>(
      `select m.pk, m.seq from messages m left join sync_messages s on s.message = m.pk where m.session = ?
       order by coalesce(s.place, 'g'), s.key, m.seq`,
    ),
    setNumber: run('update messages set seq = ? where pk = ?'),
    setCount: run('update sessions set message_count = ? where pk = ? and message_count <> ?'),
  }
}
