import { sql } from 'kysely'
import { type Access, type Connection, yieldToEvents } from '../../sqlite/index.ts'
import type { Codec } from '../encryption/codec.ts'
import { sealBatch } from '../encryption/seal-batch.ts'
import { addKeys } from '../encryption/session-keys.ts'
import { codecOf } from '../encryption/unlock.ts'
import type { Server } from '../server/connect.ts'
import { ask, awaitedLater } from './ask.ts'
import { type Choice, collect, type PushedMessage } from './collect.ts'
import { createJsonb } from './jsonb.ts'
import { localOf } from './local.ts'
import type { Batch } from './rows.ts'

/** The counts of what was sent. */
export interface Sent {
  sessions: number
  messages: number
  /** The number of sessions that another device made local-only, or changed since the last pull: they are sent after the next one. */
  refused: number
}

/** What the server did with a push: the revisions before and after it, and the ids of the sessions that it refused. */
interface Answer {
  before: number | null
  after: number | null
  refused: string[] | null
}

/** What to note of a batch once the server has it. */
interface Sending extends Pick<Batch, 'sessions'> {
  messages: PushedMessage[]
}

/** A batch that the server has, until it is noted. */
interface Answered extends Sending {
  answer: Answer
}

/** A batch as parameters of type jsonb. */
type BatchJson = Record<keyof Batch, Buffer>

/** Creates the function that turns batches into parameters. Those of the last `count` batches can be used. */
function createJson(count: number): (batch: Batch) => BatchJson {
  const toJsonb = createJsonb(2 * count)
  return ({ sessions, messages }) => ({ sessions: toJsonb(sessions), messages: toJsonb(messages) })
}

/**
 * Sends what the server lacks of all sessions, or only of some, batch by batch. While the server works on a batch, the one before it is
 * noted, and the next one is prepared. A batch whose answer was lost is sent again, which changes nothing. Returns undefined if another
 * device has changed the key of the account: the account has to be read again first.
 */
export async function push(
  access: Access,
  server: Server,
  only: string[] | undefined,
  onBatch: (sent: Sent) => void,
): Promise<Sent | undefined> {
  const codec = await codecOf(server)
  const list = only ? JSON.stringify(only) : null
  const { refused, refuse, note, counts } = createNotes(access, onBatch)
  const toJson = createJson(2)
  const next = (after: Place) => prepareBatch(access, codec, toJson, { only: list, refused: JSON.stringify([...refused]), ...after })
  let answered: Answered | undefined
  for (let batch = await next(START); batch; ) {
    const sending = awaitedLater(sendJson(server, batch.json, codec?.check))
    // The batch leaves first.
    await yieldToEvents()
    if (answered) await note(answered)
    const following = await next(endOf(batch))
    answered = { sessions: batch.sessions, messages: batch.messages, answer: await sending }
    if (answered.answer.after === null) return undefined
    refuse(answered.answer)
    if (following) batch = following
    else {
      await note(answered)
      answered = undefined
      batch = await next(START)
    }
  }
  return counts()
}

type Place = Pick<Choice, 'session' | 'key'>

const START: Place = { session: '', key: '' }

/** The place of the last row of a batch. */
function endOf({ sessions, messages }: Sending): Place {
  const message = messages.at(-1)
  return message ? { session: message.session, key: message.id } : { session: sessions.at(-1)?.id ?? '', key: '' }
}

/** Notes what the server has, and counts it, without the sessions that the server refused. */
function createNotes(access: Access, onBatch: (sent: Sent) => void) {
  const refused = new Set<string>()
  const total = { sessions: 0, messages: 0 }
  const counts = (): Sent => ({ ...total, refused: refused.size })
  return {
    refused,
    counts,
    refuse(answer: Answer): void {
      for (const id of answer.refused ?? []) refused.add(id)
    },
    async note(batch: Answered): Promise<void> {
      const sessions = batch.sessions.filter(({ id }) => !refused.has(id))
      const messages = batch.messages.filter(({ session }) => !refused.has(session))
      await access.write(async () => acknowledge(access.connection, { sessions, messages }, batch.answer))
      total.sessions += sessions.length
      total.messages += messages.length
      onBatch(counts())
    },
  }
}

/** Collects and encrypts a batch; undefined if nothing is left. Its texts are in memory once, since two batches are prepared at a time. */
async function prepareBatch(
  access: Access,
  codec: Codec | undefined,
  toJson: (batch: Batch) => BatchJson,
  choice: Choice,
): Promise<(Sending & { json: BatchJson }) | undefined> {
  for (;;) {
    const batch = collect(access.connection, choice)
    if (batch.sessions.length + batch.messages.length === 0) return undefined
    const sealed = codec ? sealBatch(localOf(access.connection), codec, batch) : batch
    if (!Array.isArray(sealed)) {
      return { sessions: batch.sessions, messages: batch.pushed, json: toJson(sealed) }
    }
    await access.write(async () => addKeys(localOf(access.connection), sealed, codec?.master.key.id ?? ''))
  }
}

/** Sends a batch for an account with this `key_check`. Changes nothing, and returns null for the revisions, if the account has another one. */
export const sendBatch = (server: Server, batch: Batch, check: string | undefined) => sendJson(server, createJson(1)(batch), check)

async function sendJson(server: Server, { sessions, messages }: BatchJson, check: string | undefined): Promise<Answer> {
  const [answer] = await ask(
    server,
    sql<Answer>`select before, after, refused from zerodb.push(
      ${sessions}::jsonb, ${messages}::jsonb, ${check ?? null}::text)`,
  )
  return answer ?? { before: null, after: null, refused: null }
}

/** Notes what the server has. What changed since the batch was collected has a newer stamp, and is sent by the next one. */
function acknowledge(connection: Connection, { sessions, messages }: Sending, revs: Answer): void {
  const local = localOf(connection)
  for (const { id, registers } of sessions) for (const [key, { h }] of Object.entries(registers)) local.setRegisterSent(h, id, key)
  for (const { session, id, stamp, hash } of messages) local.notePushed(stamp, hash, session, id)
  // The own changes need not be read again if no other device pushed before them.
  if (revs.before === Number(local.state('cursor') ?? 0)) local.setState('cursor', String(revs.after))
}
