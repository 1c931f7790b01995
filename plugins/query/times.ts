import type { Expression } from 'jsonata'
import { callOf, type Node } from './syntax.ts'

/** Makes comparisons of rows with times that are written in another form, such as `created_at >= "2024-01-15T10:30:00Z"`, go by time. */
export function registerTimes(expression: Expression): void {
  expression.registerFunction(IN_FORM_OF, inFormOf)
}

const IN_FORM_OF = '_in_form_of'
const COMPARISONS = new Set<unknown>(['=', '!=', '<', '<=', '>', '>='])
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/
/** The form of times in rows. */
const ROW_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** In a comparison with a time that is written out, makes the time take the form of the other side. */
export function replaceTimes(node: Node): void {
  if (node.type !== 'binary' || !COMPARISONS.has(node.value)) return
  const { lhs, rhs } = node as { lhs: Node; rhs: Node }
  if (isTime(rhs)) node.rhs = callOf(IN_FORM_OF, rhs, lhs)
  else if (isTime(lhs)) node.lhs = callOf(IN_FORM_OF, lhs, rhs)
}

const isTime = ({ type, value }: Node) => type === 'string' && TIME.test(String(value)) && !ROW_TIME.test(String(value))

function inFormOf(time: string, other: unknown): string {
  const ms = Date.parse(time)
  return typeof other === 'string' && ROW_TIME.test(other) && !Number.isNaN(ms) ? new Date(ms).toISOString() : time
}
