import { createPace, type Host } from 'ainative-code'
import jsonata from 'jsonata'
import { FUNCTIONS } from './functions.ts'
import { copyMessages } from './messages.ts'
import { registerOwn, replaceDescendants } from './own-functions.ts'
import { type Node, syntaxProblem } from './syntax.ts'
import { registerTimes, replaceTimes } from './times.ts'

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
  registerOwn(expression)
  registerTimes(expression)
  for (const { name, call, signature } of host.functions().all())
    if (!FUNCTIONS.includes(name)) expression.registerFunction(name, (...args: unknown[]) => call(...args.map(copied)), signature)
  return expression
}

/** A copy for a plugin's function, which may change its arguments: rows and messages are kept for later queries. */
function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  try {
    const copy = structuredClone(value)
    copyMessages(value, copy)
    return copy
  } catch {
    return value
  }
}

const YIELD_MS = 25

/** Evaluates, giving way to the event loop now and then, so that the worker hears the main process. The hook is jsonata's own, called for each node. */
export function evaluate(expression: jsonata.Expression, input: unknown, bindings?: Record<string, unknown>): Promise<unknown> {
  let calls = 0
  const pause = createPace(YIELD_MS)
  expression.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, (node: Node) => {
    replaceDescendants(node)
    replaceTimes(node)
    return (++calls & 255) === 0 ? pause() : undefined
  })
  return expression.evaluate(input, bindings)
}

/** Whether a result holds a function anywhere, which can neither be printed nor leave the worker. */
export function holdsFunction(result: unknown): boolean {
  const seen = new Set<unknown>()
  const left = [result]
  while (left.length > 0) {
    const value = left.pop()
    // JSONata's own functions and lambdas are objects that hold one of JavaScript.
    if (typeof value === 'function') return true
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    for (const each of Object.values(value)) if (typeof each === 'object' || typeof each === 'function') left.push(each)
  }
  return false
}
