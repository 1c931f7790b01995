import { messageOf, Problem } from '../kernel/problem.ts'
import { stringifyJson } from './exact-number.ts'

/** A result as JSON; what has no such form is a Problem. */
export function toJson(value: unknown, space?: number): string {
  try {
    return stringifyJson(value, space) ?? 'null'
  } catch (error) {
    throw notJson(error)
  }
}

/** The Problem of a value that has no JSON form, from what JSON.stringify threw. */
export const notJson = (error: unknown) => new Problem('json', `the result cannot be written as JSON: ${reasonOf(error)}`, { cause: error })

function reasonOf(error: unknown): string {
  const message = messageOf(error)
  if (error instanceof RangeError) return 'it is too large, or nested too deep'
  if (/circular/.test(message)) return 'it holds itself'
  return /BigInt/.test(message) ? 'it holds a BigInt' : message
}
