import { createPace, type Host } from 'ainative-code'
import jsonata from 'jsonata'
import { BUILTIN_FUNCTIONS } from './builtin-functions.ts'
import { copyMessages } from './lazy-messages.ts'
import { registerReplacements, replaceDescendants } from './replaced-functions.ts'
import { type Node, syntaxProblem } from './syntax.ts'
import { registerTimes, replaceTimes } from './times.ts'

/** The maximum depth of calls in an expression; a deeper recursion counts as endless. */
const MAX_STACK = 50_000

/** Compiles an expression and registers the functions of plugins. Throws a Problem for invalid syntax. */
export function compile(host: Host, text: string): jsonata.Expression {
  let expression: jsonata.Expression
  try {
    expression = jsonata(text, { stack: MAX_STACK })
  } catch (error) {
    throw syntaxProblem(text, error)
  }
  registerReplacements(expression)
  registerTimes(expression)
  for (const { name, call, signature } of host.functions().all())
    if (!BUILTIN_FUNCTIONS.includes(name))
      expression.registerFunction(name, (...args: unknown[]) => call(...args.map(copyArgument)), signature)
  return expression
}

/** Copies an argument for a plugin's function: the function may change it, but rows and messages are cached for later queries. */
function copyArgument(value: unknown): unknown {
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

/** Evaluates an expression with pauses, so that the worker receives messages. JSONata calls the assigned hook for each node. */
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

/** True if a result contains a function, which can be neither printed nor sent by the worker. */
export function containsFunction(result: unknown): boolean {
  const visited = new Set<unknown>()
  const pending = [result]
  while (pending.length > 0) {
    const value = pending.pop()
    // The functions and lambdas of JSONata are objects that contain a JavaScript function.
    if (typeof value === 'function') return true
    if (typeof value !== 'object' || value === null || visited.has(value)) continue
    visited.add(value)
    for (const each of Object.values(value)) if (typeof each === 'object' || typeof each === 'function') pending.push(each)
  }
  return false
}
