import { setImmediate } from 'node:timers/promises'
import { type Host, messageOf, usage } from 'ainative-code'
import jsonata from 'jsonata'

interface JsonataError {
  position?: number
  message?: string
}

/** A compiled expression with the functions that plugins added. */
export function compile(host: Host, text: string): jsonata.Expression {
  let expression: jsonata.Expression
  try {
    expression = jsonata(text)
  } catch (error) {
    throw syntaxProblem(text, error as JsonataError)
  }
  for (const { name, call, signature } of host.functions().all())
    expression.registerFunction(name, (...args: unknown[]) => call(...args), signature)
  return expression
}

/** The line of the expression with a caret under the place of the fault. */
function syntaxProblem(text: string, error: JsonataError) {
  const at = Math.max(0, Math.min(text.length, (error.position ?? 1) - 1))
  const from = text.lastIndexOf('\n', at - 1) + 1
  const line = text.slice(from).split('\n', 1)[0] ?? ''
  const start = Math.max(0, at - from - 50)
  return usage(`this is not JSONata: ${messageOf(error)}\n  ${line.slice(start, start + 76)}\n  ${' '.repeat(at - from - start)}^`)
}

const YIELD_MS = 25

/** Evaluates, giving way to the event loop now and then, so that Ctrl-C is heard. The hook is jsonata's own, called for each node. */
export function evaluate(expression: jsonata.Expression, input: unknown, signal?: AbortSignal): Promise<unknown> {
  let calls = 0
  let last = performance.now()
  expression.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, () => {
    if ((++calls & 255) !== 0 || performance.now() - last < YIELD_MS) return undefined
    last = performance.now()
    return setImmediate().then(() => signal?.throwIfAborted())
  })
  return expression.evaluate(input)
}

/** Whether a result holds a function anywhere, which cannot be printed. */
export function holdsFunction(value: unknown, seen = new Set<unknown>()): boolean {
  if (typeof value === 'function') return true
  if (typeof value !== 'object' || value === null || seen.has(value)) return false
  seen.add(value)
  return '_jsonata_function' in value || '_jsonata_lambda' in value || Object.values(value).some((each) => holdsFunction(each, seen))
}

type Node = { type?: string; value?: unknown; [key: string]: unknown }

/** Whether an expression names messages: by that name, as a text (for $lookup), or by `**`. */
export function namesMessages(expression: jsonata.Expression): boolean {
  const seen = new Set<unknown>()
  const visit = (node: unknown): boolean => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return false
    seen.add(node)
    const { type, value } = node as Node
    if ((type === 'name' || type === 'string') && value === 'messages') return true
    return type === 'descendant' || Object.values(node).some(visit)
  }
  return visit(expression.ast())
}
