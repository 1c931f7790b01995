import { isoTime, type Message, messageJson, parseJson } from 'ainative-code'
import { foreignMessages } from '../sessions/index.ts'
import type { MessageRow } from './server-rows.ts'

/** The messages of a shared session, in order. */
export interface SharedMessages {
  messages: Message[]
  /** The messages that this program cannot read. */
  unreadable: MessageRow[]
}

/** Parses the messages of another user. Each message gets an id that is unique in the session. */
export async function sharedMessages(rows: readonly MessageRow[]): Promise<SharedMessages> {
  const { parseMessage } = await foreignMessages()
  const messages: Message[] = []
  const ids = new Set<string>()
  const unreadable: MessageRow[] = []
  for (const row of [...rows].sort(byPlace)) {
    if (row.body === null) continue
    const message = parseMessage(rawOf(row.body), isoTime(0))
    if (!message) {
      unreadable.push(row)
      continue
    }
    const id = message.id === '' || ids.has(message.id) ? row.id : message.id
    ids.add(id)
    messages.push({ ...message, id, seq: messages.length + 1 })
  }
  return { messages, unreadable }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byPlace = (a: MessageRow, b: MessageRow) => compare(a.place, b.place) || compare(a.id, b.id)

/** Converts a body to the form of an exported message. Returns undefined for a text that is not JSON. */
function rawOf(body: unknown): unknown {
  try {
    return messageJson(parseJson(String(body)) as Message)
  } catch {
    return undefined
  }
}
