import type { Json } from 'ainative-code'
import { named } from './names.ts'
import type { Output } from './output.ts'
import { isObject, isString, shallow } from './values.ts'

/** Begins the key of a call that comes again whole. */
export const AGAIN = 'whole '

/** The parts of a reply that are no text. */
export function createParts({ send, note }: Output) {
  const seen = new Set<string>()
  /** How often each part was sent, by its fields without ids. */
  const counts = new Map<string, number>()
  const calls = new Map<string, Json>()
  const results = new Map<string, { fields: Json; output: unknown[] }>()
  /** The texts within the parts of the current entry. */
  const texts = new Set<string>()
  const parts = {
    /**
     * Keeps a part, unless it is one that came before. An equal part may be another one, such as the same call of a later round, where
     * `isPiece` says that the wire does not repeat it. `what` names the part in the note, such as 'an image'.
     */
    part(part: Json, what: string, isPiece = false) {
      for (const text of stringsIn(part)) texts.add(text)
      const json = JSON.stringify(part)
      const mayComeTwice = isPiece && part.id === undefined && !ONCE.has(part.type)
      if (seen.has(json) && !mayComeTwice) return
      seen.add(json)
      const bare = withoutIds(part)
      counts.set(bare, (counts.get(bare) ?? 0) + 1)
      send({ part })
      note(`the reply holds ${what}, kept as a part of the message`)
    },
    /** Takes the parts of an object that repeats the reply with other ids perhaps: each is new only where more equal ones come than before. */
    partsAgain() {
      const left = new Map(counts)
      return (part: Json, what: string) => {
        const bare = withoutIds(part)
        const count = left.get(bare) ?? 0
        left.set(bare, count - 1)
        if (count <= 0) parts.part(part, what, true)
      }
    },
    /** Whether a part of the current entry holds the text. */
    hasInPart: (text: string) => texts.has(text),
    /** Ends an entry. */
    nextEntry: () => texts.clear(),
    /**
     * Adds to a tool call whose input comes in pieces of JSON; the key of one that comes again begins with 'whole '. Servers that count no
     * calls send several under one key.
     */
    call(key: string, fields: Json, input: unknown = '') {
      if (isOther(fields, calls.get(key))) parts.closeCall(key)
      const call: Json = calls.get(key) ?? { input: '' }
      for (const [name, value] of Object.entries(fields)) if (value) call[name] = value
      call.input = `${call.input}${typeof input === 'string' ? input : JSON.stringify(input)}`
      calls.set(key, call)
    },
    /** Adds to the result of a tool that comes in pieces. */
    result(key: string, fields: Json, pieces: unknown[]) {
      const result = results.get(key) ?? { fields: {}, output: [] }
      Object.assign(result.fields, fields)
      for (const piece of pieces) result.output.push(piece)
      results.set(key, result)
    },
    /** Keeps a call or a result whose pieces have all come. */
    closeCall(key: string) {
      parts.closeResult(key)
      const call = calls.get(key)
      if (!call) return
      calls.delete(key)
      parts.part({ type: 'tool-call', ...call, input: shallow(call.input) }, callOf(call.name), !key.startsWith(AGAIN))
    },
    closeResult(key: string) {
      const result = results.get(key)
      if (!result) return
      results.delete(key)
      const { fields, output } = result
      parts.part({ type: 'tool-result', ...fields, output }, named('a tool result', fields.name), true)
    },
    closeCalls() {
      for (const key of [...calls.keys(), ...results.keys()]) parts.closeCall(key)
    },
  }
  return parts
}

/** Types of parts that some servers send with each piece, and that mean no more where they come twice. */
const ONCE = new Set<unknown>(['source', 'file'])

/** What a part holds beside the ids of its item. */
function withoutIds({ id: _, ...part }: Json): string {
  const held = Object.entries(part).map(([name, value]) => {
    // A block that is kept as it came has a type and an id of its own.
    if (!isObject(value) || !isString(value.type)) return [name, value]
    const { id: _, ...rest } = value
    return [name, rest]
  })
  return JSON.stringify(held)
}

function* stringsIn(value: unknown): Generator<string> {
  if (isString(value)) yield value
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* stringsIn(each)
}

/** Whether a piece begins another call: only the first piece of a call has a name, while some servers change the id with each piece. */
const isOther = ({ id, name }: Json, open: Json = {}) =>
  Boolean(name && ((open.name && open.name !== name) || (open.id && id && open.id !== id)))

/** A tool call in the words of a note. */
export const callOf = (name: unknown) => named('a tool call', name)
