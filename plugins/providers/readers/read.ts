import type { ChatChunk } from 'ainative-code'
import { type Answer, HttpFailure } from '../fetch.ts'
import { type Entry, HEARTBEAT } from './entry.ts'
import { cutShort, entriesOf } from './records.ts'
import { createReply, type Reply, SentError } from './reply.ts'
import { isNothing, stringOf } from './values.ts'

/** Creates a reader for the entries of one reply. The reader throws a SentError for a failure that the provider sends. */
export type MakeReader = () => (entry: Entry, reply: Reply) => void

/** Reads a reply. Throws after the last chunk if the answer ends before the API has ended the reply. */
export async function* readReply(answer: Answer, makeReader: MakeReader): AsyncGenerator<ChatChunk> {
  const reply = createReply()
  const read = makeReader()
  let failure: { error: unknown } | undefined
  let sample = ''
  try {
    for await (const entry of entriesOf(answer, reply, (text) => (sample ||= text))) {
      if (!reply.isKnown() && !entry.done) sample ||= JSON.stringify(entry.json)
      readEntry(entry, reply, read, answer)
      yield* reply.take()
    }
  } catch (error) {
    failure = { error }
  }
  failure ??= unfinished(reply, answer, sample)
  reply.close(failure === undefined)
  yield* reply.take()
  if (failure) throw failure.error
}

/** Reads an entry. If the whole answer is a failure, throws the failure with the status and the headers of the answer. */
function readEntry(entry: Entry, reply: Reply, read: ReturnType<MakeReader>, { status, headers }: Answer): void {
  const wasKnown = reply.isKnown()
  try {
    if (entry.done) reply.markEnd()
    else readObject(entry, reply, read)
  } catch (error) {
    if (!(error instanceof SentError)) throw error
    if (!entry.document || wasKnown || reply.contents() > 0) throw error.sent
    throw new HttpFailure(status, { ...headers, 'content-type': 'application/json' }, JSON.stringify(entry.json))
  }
}

function readObject(entry: Entry, reply: Reply, read: ReturnType<MakeReader>): void {
  const { json, event } = entry
  if (HEARTBEAT.test(stringOf(json.type) ?? event ?? '')) return
  if (event === 'error') throw new SentError(json.error ?? json)
  const before = reply.activity()
  read(entry, reply)
  if (reply.activity() === before && !isNothing(json)) reply.note('skipped an object of another API')
}

function unfinished(reply: Reply, { status, headers }: Answer, sample: string): { error: unknown } | undefined {
  const isOpen = reply.end() === 'open'
  if (reply.isKnown() && !isOpen) return undefined
  if (reply.isKnown() || (isOpen && sample === '' && !reply.hasNotes())) return { error: cutShort() }
  return { error: new HttpFailure(status, { ...headers, 'content-type': 'text/plain' }, sample || 'its events hold no JSON objects') }
}
