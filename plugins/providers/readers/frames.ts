import { EventStreamCodec } from '@smithy/eventstream-codec'
import { Problem } from 'ainative-code'
import { MAX_ANSWER_BYTES } from '../fetch.ts'
import type { Entry, MakeParser } from './entry.ts'
import { isObject, objectOf, parsedOf } from './values.ts'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
)

/** The shortest frame: two lengths and two checksums. */
const MIN_FRAME = 16

/** Reads the frames of an AWS event stream. */
export const frameParser: MakeParser = (emit, note) => {
  let pieces: Buffer[] = []
  let size = 0
  /** The length of the next frame in bytes, once it has arrived. */
  let wanted = 4
  const next = (all: Buffer): Buffer => {
    let rest = all
    for (wanted = lengthOf(rest); rest.length >= wanted && wanted >= MIN_FRAME; wanted = lengthOf(rest)) {
      const entry = entryOf(rest.subarray(0, wanted), note)
      rest = rest.subarray(wanted)
      if (entry) emit(entry)
    }
    return rest
  }
  return {
    feed(bytes) {
      pieces.push(Buffer.from(bytes))
      size += bytes.length
      if (size < wanted) return
      const rest = next(Buffer.concat(pieces))
      pieces = [rest]
      size = rest.length
    },
    end: () => size > 0,
  }
}

function lengthOf(bytes: Buffer): number {
  if (bytes.length < 4) return 4
  const length = bytes.readUInt32BE()
  if (length >= MIN_FRAME && length <= MAX_ANSWER_BYTES) return length
  throw new Problem('damaged', `the stream is damaged: a frame claims a length of ${length} bytes`, { hint: 'send the message again' })
}

function entryOf(bytes: Buffer, note: (text: string) => void): Entry | undefined {
  const frame = decode(bytes)
  if (!frame) return void note('skipped a damaged frame')
  const header = (name: string) => frame.headers[name]?.value
  const json = parsedOf(Buffer.from(frame.body).toString())
  const failed = header(':exception-type') ?? header(':error-code')
  if (failed !== undefined) {
    const message = header(':error-message') ?? (typeof json === 'string' ? json : undefined)
    return {
      event: EXCEPTION,
      json: { code: String(failed), ...(message !== undefined && { message: String(message) }), ...objectOf(json) },
    }
  }
  if (isObject(json)) return { json, event: String(header(':event-type') ?? '') }
  return void note('skipped a frame that is not a JSON object')
}

/** The event name of an entry that reports a failure of the service. */
export const EXCEPTION = 'exception'

function decode(bytes: Buffer) {
  try {
    return codec.decode(bytes)
  } catch {
    return undefined
  }
}
