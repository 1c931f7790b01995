import type { ChatChunk } from 'ainative-code'
import { type Answer, HttpFailure } from '../fetch.ts'
import type { End } from './output.ts'
import { cutShort, type Entry, entriesOf } from './records.ts'
import { createReply, type Reply, SentError } from './reply.ts'

/** Makes a reader of the entries of one reply; the reader throws a SentError for a failure that the provider sends. */
export type Wire = () => (entry: Entry, reply: Reply) => void

/** How long a server may keep a connection open after it said that the reply ended, in milliseconds; each entry restarts the time. */
const QUIET_MS: Record<End, number | undefined> = { open: undefined, likely: 5000, certain: 250 }

/** Reads a reply. Fails after its last chunk where the answer ends before the wire said that the reply did. */
export async function* readReply(answer: Answer, wire: Wire): AsyncGenerator<ChatChunk> {
  const reply = createReply()
  const read = wire()
  let failure: { error: unknown } | undefined
  let sample = ''
  try {
    for await (const entry of untilQuiet(entriesOf(answer, reply.note), reply.end)) {
      if (!reply.isKnown()) sample ||= JSON.stringify(entry.json)
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

/** A failure that is the whole answer is one of the request; its status and headers count too. */
function readEntry(entry: Entry, reply: Reply, read: ReturnType<Wire>, { status, headers }: Answer): void {
  const wasKnown = reply.isKnown()
  try {
    read(entry, reply)
  } catch (error) {
    if (!(error instanceof SentError)) throw error
    if (!entry.document || wasKnown) throw error.sent
    throw new HttpFailure(status, { ...headers, 'content-type': 'application/json' }, JSON.stringify(entry.json))
  }
}

function unfinished(reply: Reply, { status, headers }: Answer, sample: string): { error: unknown } | undefined {
  if (reply.end() !== 'open') return undefined
  if (reply.isKnown() || (sample === '' && !reply.hasNotes())) return { error: cutShort() }
  return { error: new HttpFailure(status, { ...headers, 'content-type': 'text/plain' }, sample || 'its events hold no JSON objects') }
}

/** The same entries, ended by silence or a failure once the reply may end. */
async function* untilQuiet(entries: AsyncGenerator<Entry>, end: () => End): AsyncGenerator<Entry> {
  for (;;) {
    const next = await soon(entries.next(), end())
    if (next.done) return
    yield next.value
  }
}

type Next = IteratorResult<Entry, unknown>

async function soon(next: Promise<Next>, end: End): Promise<Next> {
  const ms = QUIET_MS[end]
  if (ms === undefined) return next
  const nothing: Next = { done: true, value: undefined }
  let timer: NodeJS.Timeout | undefined
  const quiet = new Promise<Next>((resolve) => {
    timer = setTimeout(resolve, ms, nothing)
  })
  // After silence nobody waits for the entry any more, so its failure must not count.
  const either = Promise.race([end === 'certain' ? next.catch(() => nothing) : next, quiet])
  next.catch(() => undefined)
  try {
    return await either
  } finally {
    clearTimeout(timer)
  }
}
