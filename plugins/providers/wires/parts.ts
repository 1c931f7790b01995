import { isTooDeep, type Json } from 'ainative-code'
import { named } from './names.ts'
import type { Output } from './output.ts'
import { DEEPEST, parsedOf } from './values.ts'

/** The parts of a reply that are no text. */
export function createParts({ send, note }: Output) {
  const seen = new Set<string>()
  const calls = new Map<string, Json>()
  const parts = {
    /** Keeps a part; the same part counts once. `what` names it in the note, such as 'an image'. */
    part(part: Json, what: string) {
      const json = JSON.stringify(part)
      if (seen.has(json)) return
      seen.add(json)
      send({ part })
      note(`the reply holds ${what}, kept as a part of the message`)
    },
    /** Whether a part holds the text. */
    hasInPart: (text: string) => [...seen].some((each) => each.includes(JSON.stringify(text).slice(1, -1))),
    /** Adds to a tool call whose input comes in pieces of JSON. */
    call(key: string, fields: Json, input: unknown = '') {
      const call: Json = calls.get(key) ?? { input: '' }
      for (const [name, value] of Object.entries(fields)) if (value) call[name] = value
      call.input = `${call.input}${typeof input === 'string' ? input : JSON.stringify(input)}`
      calls.set(key, call)
    },
    /** Keeps a call whose pieces have all come. */
    closeCall(key: string) {
      const call = calls.get(key)
      if (!call) return
      calls.delete(key)
      const input = parsedOf(String(call.input))
      parts.part({ type: 'tool-call', ...call, input: isTooDeep(input, DEEPEST) ? call.input : input }, callOf(call.name))
    },
    closeCalls() {
      for (const key of [...calls.keys()]) parts.closeCall(key)
    },
  }
  return parts
}

/** A tool call in the words of a note. */
export const callOf = (name: unknown) => named('a tool call', name)
