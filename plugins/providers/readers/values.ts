import { isTooDeep, type Json } from 'ainative-code'

/** The value if it is an object; otherwise an empty object. */
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {})

/** The value if it is an object; otherwise an object with the value in its field `name`. */
export const objectAs = (name: string, value: unknown): Json => (isObject(value) ? value : { [name]: value })

/** True for an object that is not an array. */
export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value if it is an array; otherwise a list of the value, empty for null and undefined. */
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === null || value === undefined ? [] : [value])

/** True for a value without content, such as null, {} or { message: '' }. */
export const isNothing = (value: unknown): boolean => !value || (typeof value === 'object' && Object.values(value).every(isNothing))

/** True for a string. */
export const isString = (value: unknown): value is string => typeof value === 'string'

/** The value if it is a string with characters. */
export const stringOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** The first index or id among the values, as text; 0 if there is none. */
export function keyOf(...values: unknown[]): string {
  const key = values.find((value) => typeof value === 'number' || (typeof value === 'string' && value !== ''))
  return String(key ?? 0)
}

/** The entry of a table; names that every object inherits do not count. */
export const entryOf = <T>(table: Record<string, T>, name: string): T | undefined => (Object.hasOwn(table, name) ? table[name] : undefined)

/** A token count, which some servers send as text. */
export function countOf(value: unknown): number | undefined {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return Number.isSafeInteger(count) && (count as number) >= 0 ? (count as number) : undefined
}

/** The sum of the known counts; undefined if no count is known. */
export function sumOf(...values: unknown[]): number | undefined {
  const counts = values.map(countOf).filter((count) => count !== undefined)
  return counts.length > 0 ? counts.reduce((sum, count) => sum + count) : undefined
}

/** The maximum depth of nested values that are kept: deeper than in any useful reply, and small enough to store and export. */
export const DEEPEST = 100

/** Copies a value without the parts that are nested too deep. */
export function withoutDeepValues(value: unknown, left = DEEPEST): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (left === 0) return null
  if (Array.isArray(value)) return value.map((each) => withoutDeepValues(each, left - 1))
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutDeepValues(each, left - 1)]))
}

/** The text of a string or number, of an object that contains one, or of a list of these, joined; undefined if there is no text. */
export function textFound(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (Array.isArray(value)) {
    const texts = value.map(textFound).filter((each) => each !== undefined)
    return texts.length > 0 ? texts.join('') : undefined
  }
  const { text, value: inner, content, parts, summary, thinking } = objectOf(value)
  const found = [text, inner, content, parts, summary, thinking].find((each) => each !== undefined && each !== null)
  return found === undefined ? undefined : textFound(found)
}

/** Like textFound, but an empty text if there is none. */
export const textIn = (value: unknown): string => textFound(value) ?? ''

/** Parses a JSON text; a text that is not JSON stays text. */
export function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Parses the arguments of a call, which may be a JSON text. JSON that is nested too deep to store stays text. */
export function parseArguments(input: unknown): unknown {
  const value = isString(input) ? parsedOf(input) : input
  return isTooDeep(value, DEEPEST) ? input : value
}
