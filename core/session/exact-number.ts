import { randomBytes } from '../files/random.ts'
import { once } from '../kernel/once.ts'
import { Problem } from '../kernel/problem.ts'
import { isTooDeep } from './depth.ts'
import { duplicateKey, inexactNumbers } from './json-scan.ts'

/** How many ExactNumbers the running stringifyJson has met; undefined while none runs. */
let met: number | undefined
/** True once this process holds an ExactNumber; most never do. */
let made = false

/** A number of a JSON text that JSON.stringify would write differently, such as 1.10, 1e999 or 12345678901234567890: keeps its text. */
export class ExactNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
    made = true
  }

  /** The nearest number that JavaScript holds; finite, since JSON has no infinity. */
  valueOf(): number {
    return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(this.text)))
  }

  toString(): string {
    return this.text
  }

  /** For JSON.stringify the nearest number; for stringifyJson a text that it replaces by the number as it was written. */
  toJSON(): number | string {
    if (met === undefined) return this.valueOf()
    met++
    return mark() + this.text
  }
}

/** What a marked text begins with: random, so that no text of a user can begin with it. */
const mark = once(() => `number ${Buffer.from(randomBytes(16)).toString('hex')} `)
const marked = once(() => new RegExp(`"${mark()}([^"]*)"`, 'g'))

/**
 * JSON.parse, except that a number that JSON.stringify would write differently becomes an ExactNumber. The number is quoted and marked,
 * and the text parsed again: a parser in JavaScript, such as lossless-json, takes 30 times as long and 30 times the text's memory.
 * A value that is nested too deep is not read again: no command accepts it.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  const parts: string[] = []
  let from = 0
  for (const { start, number } of inexactNumbers(text)) {
    parts.push(text.slice(from, start), `"${mark()}${number}"`)
    from = start + number.length
  }
  if (from === 0 || isTooDeep(value)) return value
  return JSON.parse(parts.join('') + text.slice(from), (_, each) =>
    typeof each === 'string' && each.startsWith(mark()) ? new ExactNumber(each.slice(mark().length)) : each,
  )
}

/** parseJson for a text from outside: a key that an object has twice is a Problem, since one of its values would be lost. */
export function parseForeignJson(text: string): unknown {
  const value = parseJson(text)
  const key = duplicateKey(text)
  if (key === undefined) return value
  throw new Problem('json', `the key ${JSON.stringify(key.slice(0, 80))} occurs twice in one object`)
}

/** JSON.stringify, except that an ExactNumber is written as the number that it was read from. */
export function stringifyJson(value: unknown, space?: number): string {
  if (!made) return JSON.stringify(value, null, space)
  const outer = met
  met = 0
  try {
    const json = JSON.stringify(value, null, space)
    return met === 0 ? json : json.replace(marked(), '$1')
  } finally {
    met = outer
  }
}

/** A value with the nearest JavaScript number in place of each ExactNumber. */
export function nearestNumbers<T>(value: T): T {
  return made ? (nearest(value) as T) : value
}

function nearest(value: unknown): unknown {
  if (value instanceof ExactNumber) return value.valueOf()
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(nearest)
  // fromEntries, since `__proto__` may be a key like any other.
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, nearest(each)]))
}
