import { setImmediate } from 'node:timers/promises'
import type { Host } from 'ainative-code'
import jsonata from 'jsonata'
import { FUNCTIONS } from './functions.ts'
import { sortFast } from './sort.ts'
import { syntaxProblem } from './syntax.ts'

/** How many calls deep an expression may go: a recursion that never ends has to be told from one that does. */
const MAX_STACK = 50_000

/** A compiled expression with the functions that plugins added. */
export function compile(host: Host, text: string): jsonata.Expression {
  let expression: jsonata.Expression
  try {
    expression = jsonata(text, { stack: MAX_STACK })
  } catch (error) {
    throw syntaxProblem(text, error)
  }
  sortFast(expression)
  for (const { name, call, signature } of host.functions().all())
    if (!FUNCTIONS.includes(name)) expression.registerFunction(name, (...args: unknown[]) => call(...args.map(copied)), signature)
  return expression
}

/** What is read is kept for later queries, and a function may change what it is given. */
function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  try {
    return structuredClone(value)
  } catch {
    return value
  }
}

const YIELD_MS = 25

/** Evaluates, giving way to the event loop now and then, so that the thread hears its end. The hook is jsonata's own, called for each node. */
export function evaluate(expression: jsonata.Expression, input: unknown, bindings?: Record<string, unknown>): Promise<unknown> {
  let calls = 0
  let last = Date.now()
  expression.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, () => {
    if ((++calls & 255) !== 0 || Date.now() - last < YIELD_MS) return undefined
    last = Date.now()
    return setImmediate()
  })
  return expression.evaluate(input, bindings)
}

/** Whether a result holds a function anywhere, which can neither be printed nor leave its thread. */
export function holdsFunction(value: unknown, seen = new Set<unknown>()): boolean {
  if (typeof value === 'function') return true
  if (typeof value !== 'object' || value === null || seen.has(value)) return false
  seen.add(value)
  return '_jsonata_function' in value || '_jsonata_lambda' in value || Object.values(value).some((each) => holdsFunction(each, seen))
}
