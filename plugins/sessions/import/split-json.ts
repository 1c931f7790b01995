import { Problem, parseForeignJson } from 'ainative-code'
import { withoutByteOrderMark } from './byte-order-mark.ts'

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/** The state of the scanner. */
interface Splitter {
  /** The position: at the top level (one value, or JSON lines), in an array, or after that array. */
  place: 'values' | 'array' | 'after'
  /** The kind of the current element: none, an object, array or text, or a bare word such as `null`. */
  value: 'none' | 'nested' | 'word'
  depth: number
  inString: boolean
  escaped: boolean
  /** True at the start and after a comma, where an element must follow. */
  expectsValue: boolean
  count: number
  /** The bytes of the current element from earlier chunks. */
  pending: Buffer[]
  pendingBytes: number
  /** True while the first object may be a wrapper such as {"sessions": […]}. */
  seeking: boolean
  /** The last key of the first object. */
  key: string
  /** The text of the wrapper, without the elements of its array. */
  wrapper: Buffer[]
}

/**
 * Splits JSON into the bytes of each session, without parsing. The sessions are the elements of an array, the elements of the array
 * `sessions` in an object, or the values of JSON lines. Keeps one element in memory at a time. On 76 MB, a streaming parser takes twice
 * as long. Throws a Problem for invalid JSON.
 */
export async function* splitJson(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const state: Splitter = {
    place: 'values',
    value: 'none',
    depth: 0,
    inString: false,
    escaped: false,
    expectsValue: false,
    count: 0,
    pending: [],
    pendingBytes: 0,
    seeking: true,
    key: '',
    wrapper: [],
  }
  let first = true
  for await (const whole of chunks) {
    const chunk = first ? withoutByteOrderMark(whole) : whole
    first &&= whole.length === 0
    yield* split(state, chunk)
  }
  yield* finish(state)
}

function* split(state: Splitter, chunk: Buffer): Iterable<Buffer> {
  let i = 0
  while (i < chunk.length) {
    if (state.place === 'after') {
      i = skipAfter(state, chunk, i)
    } else if (!isInValue(state)) {
      i = scanSeparator(state, chunk, i)
    } else {
      const end = scanValue(state, chunk, i)
      const next = end < 0 ? ~end : end
      const part = chunk.subarray(i, next)
      if (end < 0) yield endElement(state, part)
      // If the element is the wrapper, unwrap() has already stored its text.
      else if (isInValue(state)) keepPart(state, part)
      i = next
    }
  }
}

/** The maximum length of a string in V8. */
const MAX_ELEMENT = 0x1fffffe8

function keepPart(state: Splitter, part: Buffer): void {
  state.pending.push(Buffer.from(part))
  state.pendingBytes += part.length
  if (state.pendingBytes > MAX_ELEMENT) throw new Problem('json', `element ${state.count + 1} is larger than 512 MB`)
}

const isInValue = ({ value }: Splitter) => value !== 'none'

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

const fail = ({ count }: Splitter, what: string) => new Problem('json', `${what} ${count > 0 ? `after element ${count}` : 'at the start'}`)

function endElement(state: Splitter, part: Buffer): Buffer {
  const bytes = state.pending.length === 0 ? part : Buffer.concat([...state.pending, part])
  state.pending = []
  state.pendingBytes = 0
  state.value = 'none'
  state.expectsValue = false
  state.seeking = false
  state.count++
  return bytes
}

/** Scans one byte between elements; returns the index of the next byte to scan. */
function scanSeparator(state: Splitter, chunk: Buffer, i: number): number {
  const byte = chunk[i] as number
  if (isSpace(byte)) return i + 1
  if (state.place === 'array') {
    if (byte === CLOSE_ARRAY) {
      if (state.expectsValue && state.count > 0) throw fail(state, 'extra comma')
      state.place = 'after'
      return i + 1
    }
    if (byte === COMMA && !state.expectsValue) {
      state.expectsValue = true
      return i + 1
    }
    if (!state.expectsValue) throw fail(state, 'missing comma')
  } else if (byte === OPEN_ARRAY && state.count === 0) {
    state.place = 'array'
    state.expectsValue = true
    return i + 1
  }
  if (byte === COMMA || byte === COLON || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT)
    throw fail(state, `unexpected ${String.fromCharCode(byte)}`)
  state.value = byte === OPEN_OBJECT || byte === OPEN_ARRAY || byte === QUOTE ? 'nested' : 'word'
  return i
}

/** Scans the current element; returns the complement (~) of the index after its end, or the length of the chunk if the element continues. */
function scanValue(state: Splitter, chunk: Buffer, from: number): number {
  for (let i = from; i < chunk.length; i++) {
    const byte = chunk[i] as number
    if (state.inString) {
      if (state.escaped) state.escaped = false
      else if (byte === BACKSLASH) state.escaped = true
      else if (byte === QUOTE) {
        state.inString = false
        if (state.depth === 0) return ~(i + 1)
      }
      if (state.seeking && state.inString && state.depth === 1 && state.key.length < 16) state.key += String.fromCharCode(byte)
    } else if (byte === QUOTE) {
      state.inString = true
      state.key = ''
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (byte === OPEN_ARRAY && isWrapper(state)) return unwrap(state, chunk, from, i)
      state.depth++
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (state.depth === 0) return ~i
      if (--state.depth === 0) return ~(i + 1)
    } else if (state.value === 'word' && state.depth === 0 && (byte === COMMA || isSpace(byte))) return ~i
    else if (state.seeking && byte === COLON && state.depth === 1 && (state.key === 'messages' || state.key === 'title'))
      state.seeking = false
  }
  return chunk.length
}

const isWrapper = ({ seeking, depth, key, place }: Splitter) => seeking && depth === 1 && key === 'sessions' && place === 'values'

/** Continues in the array `sessions`: the current element is the wrapper, not a session. */
function unwrap(state: Splitter, chunk: Buffer, from: number, i: number): number {
  state.wrapper = [...state.pending, Buffer.from(chunk.subarray(from, i)), Buffer.from('[]')]
  Object.assign(state, { place: 'array', value: 'none', depth: 0, pending: [], pendingBytes: 0, expectsValue: true, seeking: false })
  return i + 1
}

/** The maximum length of the text after the array, in bytes. */
const MAX_TAIL = 1 << 20

function skipAfter(state: Splitter, chunk: Buffer, i: number): number {
  const rest = chunk.subarray(i)
  if (state.wrapper.length > 0) {
    state.wrapper.push(Buffer.from(rest))
    if (rest.length > MAX_TAIL || state.wrapper.length > 1000) throw fail(state, 'too much text')
  } else if (!rest.every(isSpace)) throw fail(state, 'unexpected text')
  return chunk.length
}

function* finish(state: Splitter): Iterable<Buffer> {
  const { place, value, depth, inString, count, wrapper } = state
  if (value === 'word' && place === 'values') yield endElement(state, Buffer.alloc(0))
  else if (value !== 'none' || depth > 0 || inString) throw new Problem('json', `the input is truncated in element ${count + 1}`)
  if (place === 'array') throw new Problem('json', `the input is truncated after element ${count}: missing closing bracket`)
  if (place === 'values' && state.count === 0) throw new Problem('json', 'the input is empty')
  if (wrapper.length > 0) checkWrapper(state, Buffer.concat(wrapper).toString())
}

/** Checks that the wrapper is valid JSON without duplicate keys. */
function checkWrapper(state: Splitter, text: string): void {
  try {
    parseForeignJson(text)
  } catch (error) {
    const what = error instanceof Problem ? error.message : 'the object that contains the sessions is invalid JSON'
    throw fail(state, what)
  }
}
