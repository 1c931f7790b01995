import { randomBytes } from '../files/random.ts'
import { once } from '../kernel/once.ts'
import { Problem } from '../kernel/problem.ts'
import { isTooDeep } from './depth.ts'
import { duplicateKey, inexactNumbers } from './json-scan.ts'

/** The number of ExactNumbers that the running stringifyJson has found; undefined while stringifyJson does not run. */
let met: number | undefined
/** True after this process has created an ExactNumber, which most processes never do. */
let made = false

/** A number that keeps its JSON text, because JSON.stringify would write it differently: 1.10, 1e999 or 12345678901234567890. */
export class ExactNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
    made = true
  }

  /** The nearest finite number of JavaScript, since JSON has no infinity. */
  valueOf(): number {
    return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(this.text)))
  }

  toString(): string {
    return this.text
  }

  /** Returns the nearest number for JSON.stringify, and for stringifyJson a marked text that it replaces by the original number. */
  toJSON(): number | string {
    if (met === undefined) return this.valueOf()
    met++
    return mark() + this.text
  }
}

/** The prefix of a marked text. Random, so that no text of a user has the prefix. */
const mark = once(() => `number ${Buffer.from(randomBytes(16)).toString('hex')} `)
const marked = once(() => new RegExp(`"${mark()}([^"]*)"`, 'g'))

/**
 * Parses JSON. A number that JSON.stringify would write differently becomes an ExactNumber. For this, such numbers are quoted and marked,
 * and the text is parsed again. A parser in JavaScript, such as lossless-json, takes 30 times as long and 30 times the memory. A value
 * that is nested too deep is not parsed again, because no command accepts such a value.
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

/** Parses JSON of another program. Throws a Problem if an object has a key twice, since one of the values would be lost. */
export function parseForeignJson(text: string): unknown {
  const value = parseJson(text)
  const key = duplicateKey(text)
  if (key === undefined) return value
  throw new Problem('json', `the key ${JSON.stringify(key.slice(0, 80))} occurs twice in one object`)
}

/** Writes a value as JSON, with the original text of each ExactNumber. */
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

/** Replaces each ExactNumber in a value by the nearest number of JavaScript. */
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
