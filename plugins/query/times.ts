import type { Expression } from 'jsonata'
import { callOf, type Node } from './syntax.ts'

/**
 * Registers the function that replaceTimes() uses: times in other forms, such as `created_at >= "2024-01-15T10:30:00Z"`, compare by time.
 */
export function registerTimes(expression: Expression): void {
  expression.registerFunction(CONVERT_TIME, convertTime)
}

const CONVERT_TIME = '_in_form_of'
const COMPARISONS = new Set<unknown>(['=', '!=', '<', '<=', '>', '>='])
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/
/** Matches a time in the form that rows use. */
const ROW_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Converts a literal time in a comparison to the form that times in rows have, if the other side is such a time. */
export function replaceTimes(node: Node): void {
  if (node.type !== 'binary' || !COMPARISONS.has(node.value)) return
  const { lhs, rhs } = node as { lhs: Node; rhs: Node }
  if (isTime(rhs)) node.rhs = callOf(CONVERT_TIME, rhs, lhs)
  else if (isTime(lhs)) node.lhs = callOf(CONVERT_TIME, lhs, rhs)
}

const isTime = ({ type, value }: Node) => type === 'string' && TIME.test(String(value)) && !ROW_TIME.test(String(value))

function convertTime(time: string, other: unknown): string {
  const ms = Date.parse(time)
  return typeof other === 'string' && ROW_TIME.test(other) && !Number.isNaN(ms) ? new Date(ms).toISOString() : time
}
