import type { Context } from 'ainative-code'
import { type Server, serverClient } from '../zerodb/index.ts'
import type { MessageRow, SessionRow, SharedRows } from './server-rows.ts'
import { requireAccess } from './with-server.ts'

/** The decrypted rows of a shared session. */
export interface OpenedRows extends SharedRows {
  /** The number of messages whose key the owner has not sealed for the user yet. */
  withoutKey: number
  /** The number of messages that the owner did not write in this form. */
  forged: number
}

/** Decrypts a shared session and its messages, if its owner encrypts. Throws a Problem if the user cannot read it. */
export async function openRows(server: Server, rows: SharedRows, context: Context): Promise<OpenedRows> {
  const opened = await openWith(server, rows.session, context)
  const result: OpenedRows = { ...rows, withoutKey: 0, forged: 0 }
  if (!opened) return result
  result.session = { ...rows.session, registers: opened.registers }
  result.messages = rows.messages.flatMap((row): MessageRow[] => {
    if (!opened.hasKey(row.body)) {
      result.withoutKey++
      return []
    }
    try {
      return [{ ...row, body: opened.openBody({ ...row, key: row.id }) }]
    } catch {
      result.forged++
      return []
    }
  })
  return result
}

/** Decrypts the fields of a shared session. */
export async function openFields(server: Server, row: SessionRow, context: Context): Promise<SessionRow> {
  const opened = await openWith(server, row, context)
  return opened ? { ...row, registers: opened.registers } : row
}

async function openWith(server: Server, row: SessionRow, context: Context) {
  const { openShare } = await serverClient()
  return openShare(await requireAccess(context), server, row, (text) => context.note(text))
}
