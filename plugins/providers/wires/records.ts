import { isTooDeep, type Json, Problem } from 'ainative-code'
import { type Answer, HttpFailure, MAX_ANSWER_BYTES } from '../fetch.ts'
import { type Progress, untilQuiet } from './quiet.ts'
import { DEEPEST, pruned } from './values.ts'

/** One JSON object of an answer. */
export interface Entry {
  json: Json
  /** The name of its event, or the type of its frame. */
  event?: string
  /** The answer is JSON, not a stream of events or frames: an object, or an array that this is an item of. */
  document?: 'object' | 'item'
  /** The mark that says that all has come. */
  done?: boolean
}

/** The names of events that only keep a connection alive, whatever their data; no API is known by them. */
export const HEARTBEAT = /^(ping|heart-?beat|keep-?alive)$/i

/** Reads the bytes of one kind of answer, however they are cut. */
export interface Parser {
  feed(bytes: Uint8Array): void
  /** Reads what is left at the end of the bytes; true if that is a part of an entry alone. */
  end(): boolean
}

export type MakeParser = (give: (entry: Entry) => void, note: (text: string) => void) => Parser

/** What the reader of entries asks of the reply, and reports to it. */
interface Listener extends Progress {
  note(text: string): void
  /** Records that the answer ended within an entry. */
  markCut(): void
}

/** The entries of an answer, whether it is a stream of events, of lines or of frames, or one JSON value. */
export async function* entriesOf(answer: Answer, reply: Listener): AsyncGenerator<Entry> {
  const { note } = reply
  const bytes = untilQuiet(bounded(answer.body), reply)
  const start = await startOf(bytes)
  const queue: Entry[] = []
  const give = (entry: Entry) => {
    const isDeep = isTooDeep(entry.json, DEEPEST)
    if (isDeep) note(`passed over a value that is nested more than ${DEEPEST} deep`)
    queue.push(isDeep ? { ...entry, json: pruned(entry.json) as Json } : entry)
  }
  const parser = (await parserFor(answer, start, bytes))(give, note)
  let failure: { error: unknown } | undefined
  try {
    parser.feed(start)
    yield* queue.splice(0)
    for await (const piece of bytes) {
      parser.feed(piece)
      yield* queue.splice(0)
    }
  } catch (error) {
    failure = { error }
  }
  const isCut = parser.end()
  yield* queue.splice(0)
  // What happens to a connection after the end of the reply does not matter.
  if (failure && reply.end() !== 'certain') throw failure.error
  if (isCut) reply.markCut()
}

async function* bounded(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let size = 0
  for await (const bytes of body) {
    size += bytes.length
    if (size > MAX_ANSWER_BYTES) {
      throw new Problem('too-large', `the provider sent more than ${MAX_ANSWER_BYTES / 2 ** 20} MB for one reply`, {
        hint: 'ask for less at once; --max-tokens limits the length of a reply',
      })
    }
    yield bytes
  }
}

/** As many characters as it takes to tell a stream of events from anything else. */
const TELLING = 'retry:'.length

/** The first bytes, as many as it takes to tell what the answer is; does not end the iteration. */
async function startOf(bytes: AsyncGenerator<Uint8Array, undefined>): Promise<Buffer> {
  let start = Buffer.alloc(0)
  while (start.toString('latin1').trim().length < TELLING) {
    const { value, done } = await bytes.next()
    if (done) break
    start = Buffer.concat([start, value])
  }
  return start
}

/** The start of a stream of events; the mark of UTF-8 may stand before it. */
const EVENTS = /^(data|event|id|retry)?:/
const JSON_START = /^[[{]/

async function parserFor({ status, headers }: Answer, start: Buffer, bytes: AsyncIterable<Uint8Array>): Promise<MakeParser> {
  const text = start
    .toString()
    .replace(/^\ufeff/, '')
    .trimStart()
  const type = headers['content-type'] ?? ''
  // A frame begins with its length, which takes less than its four bytes.
  if (start[0] === 0) return (await import('./frames.ts')).frameParser
  if (JSON_START.test(text)) return (await import('./json.ts')).jsonParser
  if (EVENTS.test(text) || (/event-?stream|ndjson/i.test(type) && !/^<|^$/.test(text))) return (await import('./events.ts')).eventParser
  const shown = await shownOf(start, bytes)
  if (shown.trim() === '' && /stream|ndjson/i.test(type)) throw cutShort()
  throw new HttpFailure(status, { ...headers, 'content-type': 'text/plain' }, shown || 'an empty answer')
}

/** Characters of an answer that is none of an API. */
const MAX_SHOWN = 64_000

async function shownOf(start: Buffer, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces = [start]
  let size = start.length
  for await (const piece of bytes) {
    pieces.push(Buffer.from(piece))
    size += piece.length
    if (size > MAX_SHOWN) break
  }
  return Buffer.concat(pieces).toString()
}

/** A stream that ended before the reply did. */
export const cutShort = () => Object.assign(new Error('the connection was cut'), { code: 'ECONNRESET' })
