import { createParser } from 'eventsource-parser'
import { objectsIn } from './json.ts'
import type { Entry, MakeParser } from './records.ts'
import { isObject } from './values.ts'

/** Reads server-sent events whose data is JSON. */
export const eventParser: MakeParser = (give, note) => {
  const decoder = new TextDecoder()
  const parser = createParser({
    onEvent: ({ event, data }) => read(data, event, give, note),
    onError({ type, line }) {
      // Some servers write an error as a bare line of JSON between their events.
      if (type === 'unknown-field') read(line ?? '', undefined, give, note)
    },
  })
  return {
    feed: (bytes) => parser.feed(decoder.decode(bytes, { stream: true })),
    end: () => parser.feed(`${decoder.decode()}\n\n`),
  }
}

function read(data: string, event: string | undefined, give: (entry: Entry) => void, note: (text: string) => void): void {
  const text = data.trim()
  // An empty event keeps a connection alive.
  if (text === '') return
  const values = /^\[DONE\]$/i.test(text) ? [DONE] : jsonIn(text).flat()
  for (const json of values) {
    if (json === DONE) give({ json: {}, done: true })
    else if (isObject(json)) give({ json, event })
  }
  if (values.length === 0 || !values.every(isObject)) note('passed over an event that is no JSON object')
}

/** Stands for the mark that ends a stream. */
const DONE = {}

/** The JSON of an event: one value, or where events are not set apart by an empty line, one or more on each line. */
function jsonIn(text: string): unknown[] {
  try {
    return [JSON.parse(text)]
  } catch {
    return text.includes('\n') ? text.split('\n').flatMap(jsonIn) : objectsIn(text)
  }
}
