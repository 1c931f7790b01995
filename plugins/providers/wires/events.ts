import { createParser } from 'eventsource-parser'
import { objectsIn } from './json.ts'
import { type Entry, HEARTBEAT, type MakeParser } from './records.ts'
import { isObject } from './values.ts'

/** Reads server-sent events whose data is JSON. */
export const eventParser: MakeParser = (give, note) => {
  const decoder = new TextDecoder()
  let atEnd = false
  let isCut = false
  const read = (data: string, event?: string) => {
    if (readData(data, event, give)) return
    // An event without an empty line after it may be one that was cut.
    if (atEnd) isCut = true
    else note('passed over an event that is no JSON object')
  }
  const parser = createParser({
    onEvent: ({ event, data }) => read(data, event),
    onError({ type, line }) {
      // Some servers write an error as a bare line of JSON between their events.
      if (type === 'unknown-field') read(line ?? '')
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

/** Reads the data of an event; false if it holds anything that is no JSON object but should. */
function readData(data: string, event: string | undefined, give: (entry: Entry) => void): boolean {
  const values = valuesIn(data.trim()).flat()
  for (const json of values) {
    if (json === DONE) give({ json: {}, done: true })
    else if (isObject(json)) give({ json, event })
    // Whatever an error says, it ends the reply.
    else if (event === 'error') give({ json: { error: { message: data.trim() } }, event })
  }
  return event === 'error' || HEARTBEAT.test(event ?? '') || values.every(isObject)
}

/** Stands for the mark that ends a stream. */
const DONE = {}

/** The values of an event: one, or where events are not set apart by an empty line, one on each line; a text that is no JSON stays text. */
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
