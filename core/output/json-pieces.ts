import { notJson, toJson } from '../session/json.ts'

/** The minimum length of a piece in characters, except for the last one. */
const PIECE = 32_768
/** The estimated size from which a value is written in parts. A smaller value is written by one call of JSON.stringify. */
const LARGE = 2000

/** Returns toJson(value, 2) in pieces, so that a long result is never in memory as one text. */
export function* jsonPieces(value: unknown): Iterable<string> {
  let text = ''
  try {
    for (const part of parts(value, '', new Set())) {
      text += part
      if (text.length < PIECE) continue
      yield text
      text = ''
    }
  } catch (error) {
    throw error instanceof RangeError ? notJson(error) : error
  }
  yield text
}

function* parts(value: unknown, indent: string, within: Set<unknown>): Iterable<string> {
  if (!isContainer(value) || estimateSize(value, LARGE) < LARGE) {
    yield toJson(value, 2).replaceAll('\n', `\n${indent}`)
    return
  }
  if (within.has(value)) throw notJson(new TypeError('circular'))
  within.add(value)
  const [begin, end] = Array.isArray(value) ? '[]' : '{}'
  yield `${begin}\n`
  yield* Array.isArray(value) ? items(value, `${indent}  `, within) : fields(value, `${indent}  `, within)
  yield `\n${indent}${end}`
  within.delete(value)
}

function* items(values: unknown[], indent: string, within: Set<unknown>): Iterable<string> {
  let separator = ''
  let small: unknown[] = []
  let size = 0
  const flush = () => {
    const text = toJson(small, 2)
      .slice(4, -2)
      .replaceAll('\n', `\n${indent.slice(2)}`)
    const whole = small.length > 0 ? `${separator}${indent}${text}` : ''
    if (small.length > 0) separator = ',\n'
    small = []
    size = 0
    return whole
  }
  for (const value of values) {
    const own = estimateSize(value, LARGE)
    if (own < LARGE) small.push(value)
    size += own
    if (size >= LARGE) yield flush()
    if (own < LARGE) continue
    yield `${separator}${indent}`
    yield* parts(value, indent, within)
    separator = ',\n'
  }
  yield flush()
}

function* fields(value: Record<string, unknown>, indent: string, within: Set<unknown>): Iterable<string> {
  let separator = ''
  for (const [key, each] of Object.entries(value)) {
    if (each === undefined || typeof each === 'function' || typeof each === 'symbol') continue
    yield `${separator}${indent}${JSON.stringify(key)}: `
    yield* parts(each, indent, within)
    separator = ',\n'
  }
}

/** True for an array or a plain object without toJSON. */
function isContainer(value: unknown): value is unknown[] & Record<string, unknown> {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return false
  const prototype = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === null || prototype === Object.prototype
}

/** Estimates the size of a value: the count of its values plus the kilobytes of its text, up to a limit. */
function estimateSize(value: unknown, limit: number): number {
  if (typeof value === 'string') return 1 + value.length / 1024
  if (!isContainer(value)) return 1
  let size = 1
  for (const each of Array.isArray(value) ? value : Object.values(value)) {
    if (size >= limit) break
    size += estimateSize(each, limit - size)
  }
  return size
}
