import { createParser } from 'eventsource-parser'
import { type Entry, HEARTBEAT, type MakeParser } from './entry.ts'
import { objectsIn } from './json.ts'
import { isObject } from './values.ts'

/** The names of the fields of an event. A line that ends within a name was cut. */
const FIELDS = ['data', 'event', 'id', 'retry']

/** Reads server-sent events whose data is JSON. */
export const eventParser: MakeParser = (emit, note, onText) => {
  const decoder = new TextDecoder()
  let atEnd = false
  let isCut = false
  const read = (data: string, event?: string) => {
    if (readData(data, event, emit)) return
    // If no empty line follows an event, the event may be incomplete.
    if (atEnd) isCut = true
    else note('skipped an event that is not a JSON object')
  }
  const parser = createParser({
    onEvent: ({ event, data }) => read(data, event),
    onError({ type, line }) {
      // Some servers write an error as a bare line of JSON between their events.
      if (type !== 'unknown-field' || line === undefined) return
      if (!FIELDS.some((field) => field.startsWith(line))) onText(line)
      read(line)
    },
  })
  return {
    feed: (bytes) => parser.feed(decoder.decode(bytes, { stream: true })),
    end() {
      atEnd = true
      parser.feed(`${decoder.decode()}\n\n`)
      return isCut
    },
  }
}

/** Reads the data of an event. Returns false if the data is not JSON objects, although the event requires them. */
function readData(data: string, event: string | undefined, emit: (entry: Entry) => void): boolean {
  const values = valuesIn(data.trim()).flat()
  for (const json of values) {
    if (json === DONE) emit({ json: {}, done: true })
    else if (isObject(json)) emit({ json, event })
    // An error of any form ends the reply.
    else if (event === 'error') emit({ json: { error: { message: data.trim() } }, event })
  }
  return event === 'error' || HEARTBEAT.test(event ?? '') || values.every(isObject)
}

/** The value of the mark that ends a stream. */
const DONE = {}

/** The values of an event: one value, or one on each line if no empty lines separate the events. Text that is not JSON stays text. */
function valuesIn(text: string): unknown[] {
  // An empty event keeps a connection alive.
  if (text === '') return []
  if (/^\[DONE\]$/i.test(text)) return [DONE]
  try {
    return [JSON.parse(text)]
  } catch {
    return text.includes('\n') ? text.split('\n').flatMap((line) => valuesIn(line.trim())) : objectsIn(text)
  }
}
