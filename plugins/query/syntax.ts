import { messageOf, nearest, Problem } from 'ainative-code'
import jsonata from 'jsonata'

/** A node of JSONata's syntax tree; its own types leave most of it out. */
export interface Node {
  type?: string
  value?: unknown
  [key: string]: unknown
}

/** A node that calls one of our functions. */
export const callOf = (name: string, ...args: Node[]): Node => ({
  type: 'function',
  value: '(',
  procedure: { type: 'variable', value: name },
  arguments: args,
})

/** The name that an expression `$name := …` sets. */
export function assignedName(root: unknown): string | undefined {
  const { type, lhs } = root as Node
  const { value } = (lhs ?? {}) as Node
  return type === 'bind' && typeof value === 'string' ? value : undefined
}

/** Codes of faults that a further line may mend: a quote, a name, a comment, a pattern or an expression that has no end. */
const OPEN_ENDED = new Set(['S0101', 'S0105', 'S0106', 'S0203', 'S0207', 'S0302'])

/** Throws where a text is no expression. */
export function checkSyntax(text: string): void {
  try {
    jsonata(text)
  } catch (error) {
    throw syntaxProblem(text, error)
  }
}

/** Whether the parser says that the expression's end came too early. */
export function isIncomplete(text: string): boolean {
  try {
    jsonata(text)
    return false
  } catch (error) {
    const { code, token } = error as { code?: string; token?: string }
    return OPEN_ENDED.has(code ?? '') && (code !== 'S0203' || token === '(end)')
  }
}

const SHOWN = 76

/** The fault in an expression, with the line and a caret under its place. */
export const syntaxProblem = (text: string, error: unknown): Problem =>
  new Problem('syntax', `this is not JSONata: ${messageOf(error)}${caret(text, error)}`, { exit: 2 })

interface Failure {
  code?: string
  token?: string
  position?: number
}

/** What went wrong in answering; `functions` are the names that could have been meant. */
export function queryProblem(text: string, error: unknown, functions: string[]): Problem {
  const { code = '', token, position } = error as Failure
  // What an expression says itself needs no place.
  const place = position === undefined || /^D31(37|41)$/.test(code) ? '' : caret(text, error)
  const unknown = code === 'T1006' && token !== undefined && !functions.includes(token)
  const close = unknown ? nearest(token, functions) : undefined
  const message = unknown ? `there is no function $${token}` : `the query failed: ${messageOf(error)}`
  return new Problem('query', `${message}${place}`, {
    hint: close ? `did you mean $${close}?` : error instanceof Problem ? error.hint : undefined,
    cause: error,
  })
}

function caret(text: string, error: unknown): string {
  const { position = 1 } = error as Failure
  const at = Math.max(0, Math.min(text.length, position - 1))
  const from = text.lastIndexOf('\n', at - 1) + 1
  // A tab would move the caret.
  const line = (text.slice(from).split('\n', 1)[0] ?? '').replaceAll('\t', ' ')
  const start = Math.max(0, at - from - 50)
  return `\n  ${line.slice(start, start + SHOWN)}\n  ${' '.repeat(at - from - start)}^`
}
