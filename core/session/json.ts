import { messageOf, Problem } from '../kernel/problem.ts'
import { stringifyJson } from './exact-number.ts'

/** Writes a result as JSON. Throws a Problem for a value without a JSON form. */
export function toJson(value: unknown, space?: number): string {
  try {
    return stringifyJson(value, space) ?? 'null'
  } catch (error) {
    throw notJson(error)
  }
}

/** Converts an error of JSON.stringify to a Problem. */
export const notJson = (error: unknown) => new Problem('json', `the result cannot be written as JSON: ${reasonOf(error)}`, { cause: error })

function reasonOf(error: unknown): string {
  const message = messageOf(error)
  if (error instanceof RangeError) return 'it is too large, or nested too deep'
  if (/circular/.test(message)) return 'it contains itself'
  return /BigInt/.test(message) ? 'it contains a BigInt' : message
}
