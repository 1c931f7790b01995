import type { Json } from 'ainative-code'
import { named } from './names.ts'
import type { Output } from './output.ts'
import { isObject, isString, parseArguments } from './values.ts'

/** The prefix of the key of a call that an event repeats as a whole. */
export const REPEATED = 'whole '

/** Collects the parts of a reply other than text. */
export function createParts(output: Output) {
  /** The texts within the parts of the current entry. */
  const texts = new Set<string>()
  const store = createPartStore(output)
  const addPart = (part: Json, what: string, isPiece = false) => {
    for (const text of stringsIn(part)) texts.add(text)
    store.add(part, what, isPiece)
  }
  return {
    /**
     * Keeps a part, unless the same part was added before. If the API does not repeat parts (`isPiece`), an equal part is another
     * part, such as the same call in a later round. `what` names the part in the note, such as 'an image'.
     */
    addPart,
    /**
     * Returns a function that adds the parts of an object which repeats the reply, perhaps with other ids: a part is new only if the
     * object has more equal parts than the reply.
     */
    repeatedParts() {
      const left = store.counts()
      return (part: Json, what: string) => {
        const fields = withoutIds(part)
        const count = left.get(fields) ?? 0
        left.set(fields, count - 1)
        if (count <= 0) addPart(part, what, true)
      }
    },
    /** True if a part of the current entry contains the text. */
    isInParts: (text: string) => texts.has(text),
    /** Called at the end of each entry. */
    nextEntry: () => texts.clear(),
    ...createCalls(addPart),
  }
}

/** Types of parts that some servers repeat with each piece. Equal parts of these types are always the same part. */
const UNIQUE = new Set<unknown>(['source', 'file'])

/** Sends each part once, with a note. */
function createPartStore({ send, note }: Output) {
  const sent = new Set<string>()
  /** The number of times that each part was sent, by its fields without ids. */
  const counts = new Map<string, number>()
  return {
    counts: () => new Map(counts),
    add(part: Json, what: string, isPiece: boolean) {
      const json = JSON.stringify(part)
      const mayRecur = isPiece && part.id === undefined && !UNIQUE.has(part.type)
      if (sent.has(json) && !mayRecur) return
      sent.add(json)
      const fields = withoutIds(part)
      counts.set(fields, (counts.get(fields) ?? 0) + 1)
      send({ part })
      note(`the reply contains ${what}, kept as a part of the message`)
    },
  }
}

type AddPart = (part: Json, what: string, isPiece: boolean) => void

/** Joins the pieces of tool calls and of their results. */
function createCalls(addPart: AddPart) {
  const calls = new Map<string, Json>()
  const results = createResults(addPart)
  /** Adds the call and the result with this key as parts. Called when all pieces have arrived. */
  const closeCall = (key: string) => {
    results.close(key)
    const call = calls.get(key)
    if (!call) return
    calls.delete(key)
    addPart({ type: 'tool-call', ...call, input: parseArguments(call.input) }, callTitle(call.name), !key.startsWith(REPEATED))
  }
  return {
    closeCall,
    /**
     * Adds to a tool call whose input arrives in pieces of JSON. The key of a call that an event repeats as a whole starts with REPEATED.
     * Servers that do not number calls send several calls with the same key.
     */
    addCall(key: string, fields: Json, input: unknown = '') {
      if (isAnother(fields, calls.get(key))) closeCall(key)
      const call: Json = calls.get(key) ?? { input: '' }
      for (const [name, value] of Object.entries(fields)) if (value) call[name] = value
      call.input = `${call.input}${typeof input === 'string' ? input : JSON.stringify(input)}`
      calls.set(key, call)
    },
    addResult: results.add,
    closeCalls() {
      for (const key of [...calls.keys(), ...results.keys()]) closeCall(key)
    },
  }
}

/** Joins the pieces of the results of tools. */
function createResults(addPart: AddPart) {
  const results = new Map<string, { fields: Json; output: unknown[] }>()
  return {
    keys: () => results.keys(),
    add(key: string, fields: Json, pieces: unknown[]) {
      const result = results.get(key) ?? { fields: {}, output: [] }
      Object.assign(result.fields, fields)
      for (const piece of pieces) result.output.push(piece)
      results.set(key, result)
    },
    close(key: string) {
      const result = results.get(key)
      if (!result) return
      results.delete(key)
      const { fields, output } = result
      addPart({ type: 'tool-result', ...fields, output }, named('a tool result', fields.name), true)
    },
  }
}

/** The fields of a part without the ids of its item. */
function withoutIds({ id: _, ...part }: Json): string {
  const fields = Object.entries(part).map(([name, value]) => {
    // A block that is stored unchanged has its own type and id.
    if (!isObject(value) || !isString(value.type)) return [name, value]
    const { id: _, ...rest } = value
    return [name, rest]
  })
  return JSON.stringify(fields)
}

function* stringsIn(value: unknown): Generator<string> {
  if (isString(value)) yield value
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* stringsIn(each)
}

/** True if a piece starts another call: only the first piece of a call has a name, while some servers change the id with each piece. */
const isAnother = ({ id, name }: Json, open: Json = {}) =>
  Boolean(name && ((open.name && open.name !== name) || (open.id && id && open.id !== id)))

/** A tool call in the words of a note. */
export const callTitle = (name: unknown) => named('a tool call', name)
