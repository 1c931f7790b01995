import { isTooDeep, type Json, Problem } from 'ainative-code'
import { type Answer, HttpFailure, MAX_ANSWER_BYTES } from '../fetch.ts'
import { type ReplyProgress, withEndTimeout } from './end-timeout.ts'
import type { Entry, MakeParser } from './entry.ts'
import { DEEPEST, withoutDeepValues } from './values.ts'

/** The part of a Reply that entriesOf() reads and notifies. */
interface Listener extends ReplyProgress {
  note(text: string): void
  /** Records that the answer ended within an entry. */
  markCut(): void
}

/**
 * Yields the entries of an answer: of a stream of events, lines or frames, or of one JSON value. `onText` is called with each line that
 * belongs to no event.
 */
export async function* entriesOf(answer: Answer, reply: Listener, onText: (text: string) => void): AsyncGenerator<Entry> {
  const { note } = reply
  const bytes = withEndTimeout(bounded(answer.body), reply)
  const start = await startOf(bytes)
  const queue: Entry[] = []
  const emit = (entry: Entry) => {
    const isDeep = isTooDeep(entry.json, DEEPEST)
    if (isDeep) note(`skipped a value that is nested more than ${DEEPEST} deep`)
    queue.push(isDeep ? { ...entry, json: withoutDeepValues(entry.json) as Json } : entry)
  }
  const parser = (await parserFor(answer, start, bytes))(emit, note, onText)
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
  // A failure of the connection after the end of the reply does not matter.
  if (failure && reply.end() !== 'certain') throw failure.error
  if (isCut) reply.markCut()
}

async function* bounded(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let size = 0
  for await (const bytes of body) {
    size += bytes.length
    if (size > MAX_ANSWER_BYTES) {
      throw new Problem('too-large', `the provider sent more than ${MAX_ANSWER_BYTES / 2 ** 20} MB for one reply`, {
        hint: 'ask for a shorter reply; --max-tokens limits its length',
      })
    }
    yield bytes
  }
}

/** The number of characters that show whether the answer is a stream of events. */
const START_LENGTH = 'retry:'.length

/** Reads enough bytes to recognize the kind of answer; does not end the iteration. */
async function startOf(bytes: AsyncGenerator<Uint8Array, undefined>): Promise<Buffer> {
  let start = Buffer.alloc(0)
  while (beginning(start).length < START_LENGTH) {
    const { value, done } = await bytes.next()
    if (done) break
    start = Buffer.concat([start, value])
  }
  return start
}

/** The text at the start of an answer, without a byte order mark and white space. */
const beginning = (start: Buffer) =>
  start
    .toString()
    .replace(/^\ufeff/, '')
    .trimStart()

/** Matches the start of a stream of events. */
const EVENTS = /^(data|event|id|retry)?:/
const JSON_START = /^[[{]/

async function parserFor({ status, headers }: Answer, start: Buffer, bytes: AsyncIterable<Uint8Array>): Promise<MakeParser> {
  const text = beginning(start)
  const type = headers['content-type'] ?? ''
  // A frame starts with its length, whose first byte is always 0.
  if (start[0] === 0) return (await import('./frames.ts')).frameParser
  if (JSON_START.test(text)) return (await import('./json.ts')).jsonParser
  if (EVENTS.test(text) || (/event-?stream|ndjson/i.test(type) && !/^<|^$/.test(text))) return (await import('./events.ts')).eventParser
  const sample = await sampleOf(start, bytes)
  if (sample.trim() === '' && /stream|ndjson/i.test(type)) throw cutShort()
  throw new HttpFailure(status, { ...headers, 'content-type': 'text/plain' }, sample || 'an empty answer')
}

/** The maximum number of bytes to read of an answer that no API sends. */
const MAX_SAMPLE = 64_000

async function sampleOf(start: Buffer, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces = [start]
  let size = start.length
  for await (const piece of bytes) {
    pieces.push(Buffer.from(piece))
    size += piece.length
    if (size > MAX_SAMPLE) break
  }
  return Buffer.concat(pieces).toString()
}

/** The error for a stream that ends before the reply. */
export const cutShort = () => Object.assign(new Error('the connection was cut'), { code: 'ECONNRESET' })
