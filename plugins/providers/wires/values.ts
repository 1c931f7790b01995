import { isTooDeep, type Json } from 'ainative-code'

/** The value as an object; anything else is an empty one. */
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {})

/** The value as an object; anything else is the field `name` of one. */
export const objectAs = (name: string, value: unknown): Json => (isObject(value) ? value : { [name]: value })

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value as a list: an array as it is, nothing as an empty one, anything else as its only item. */
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === null || value === undefined ? [] : [value])

/** Whether the value holds nothing, such as null, {} or { message: '' }. */
export const isNothing = (value: unknown): boolean => !value || (typeof value === 'object' && Object.values(value).every(isNothing))

export const isString = (value: unknown): value is string => typeof value === 'string'

export const stringOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** The first index or id among the values; 0 where there is none. */
export function keyOf(...values: unknown[]): string {
  const key = values.find((value) => typeof value === 'number' || (typeof value === 'string' && value !== ''))
  return String(key ?? 0)
}

/** The entry of a table; a name that an object inherits is none. */
export const entryOf = <T>(table: Record<string, T>, name: string): T | undefined => (Object.hasOwn(table, name) ? table[name] : undefined)

/** A token count, which some servers send as text. */
export function countOf(value: unknown): number | undefined {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return Number.isSafeInteger(count) && (count as number) >= 0 ? (count as number) : undefined
}

/** The sum of the counts that are known; undefined where none is. */
export function sumOf(...values: unknown[]): number | undefined {
  const counts = values.map(countOf).filter((count) => count !== undefined)
  return counts.length > 0 ? counts.reduce((sum, count) => sum + count) : undefined
}

/** Deeper than any reply that means something, and shallow enough to be stored and exported. */
export const DEEPEST = 100

/** The same value without what is nested too deep. */
export function pruned(value: unknown, left = DEEPEST): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (left === 0) return null
  if (Array.isArray(value)) return value.map((each) => pruned(each, left - 1))
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, pruned(each, left - 1)]))
}

/** The text of a string or number, of an object that holds one, or of a list of these, joined; undefined where the value holds none. */
export function textFound(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (Array.isArray(value)) {
    const texts = value.map(textFound).filter((each) => each !== undefined)
    return texts.length > 0 ? texts.join('') : undefined
  }
  const { text, value: inner, content, parts, summary, thinking } = objectOf(value)
  const held = [text, inner, content, parts, summary, thinking].find((each) => each !== undefined && each !== null)
  return held === undefined ? undefined : textFound(held)
}

/** The same text; an empty one where the value holds none. */
export const textIn = (value: unknown): string => textFound(value) ?? ''

/** JSON that a model wrote as text; text that is no JSON stays text. */
export function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The arguments of a call, which may be JSON as text; text stays text where it is nested too deep to be stored. */
export function shallow(input: unknown): unknown {
  const value = isString(input) ? parsedOf(input) : input
  return isTooDeep(value, DEEPEST) ? input : value
}
