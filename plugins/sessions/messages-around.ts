import { collect, type Message, Problem, type Session, type Store } from 'ainative-code'

/**
 * Reads the message with a sequence number, and up to `count` messages before and after that message. `visible` excludes hidden messages.
 * Throws a Problem that names the nearest numbers if no message has the number.
 */
export async function messagesAround(
  store: Pick<Store, 'messages'>,
  session: Session,
  seq: number,
  count: number,
  visible: boolean,
): Promise<Message[]> {
  const read = (before: number, limit: number) => collect(store.messages(session, { from: seq, before, limit, visible }))
  const messages = await read(count, 2 * count + 1)
  const at = messages.findIndex((message) => message.seq === seq)
  if (at >= 0) return messages.slice(Math.max(0, at - count), at + count + 1)
  throw noMessage(session, seq, await read(1, 2), visible && (await isHidden(store, session, seq)))
}

async function isHidden(store: Pick<Store, 'messages'>, session: Session, seq: number): Promise<boolean> {
  const [message] = await collect(store.messages(session, { from: seq, limit: 1 }))
  return message?.seq === seq
}

function noMessage({ id }: Session, seq: number, near: Message[], hidden: boolean): Problem {
  if (hidden)
    return new Problem('no-message', `message ${seq} of ${id} is hidden`, {
      hint: `ainative-code session show ${id} --around ${seq} --hidden`,
    })
  const seqs = near.map((message) => message.seq)
  const nearest =
    seqs.length === 0
      ? 'the session has no messages'
      : `the nearest ${seqs.length === 1 ? 'number is' : 'numbers are'} ${seqs.join(' and ')}`
  return new Problem('no-message', `${id} has no message ${seq}: ${nearest}`, {
    hint: `ainative-code session outline ${id} lists the messages`,
  })
}
