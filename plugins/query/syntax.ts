import { messageOf, nearest, Problem } from 'ainative-code'
import jsonata from 'jsonata'

/** A node of JSONata's syntax tree. The types of the package are incomplete. */
export interface Node {
  type?: string
  value?: unknown
  [key: string]: unknown
}

/** Creates a node that calls a function. */
export const callOf = (name: string, ...args: Node[]): Node => ({
  type: 'function',
  value: '(',
  procedure: { type: 'variable', value: name },
  arguments: args,
})

/** The name that an expression `$name := …` sets; undefined for other expressions. */
export function assignedName(root: unknown): string | undefined {
  const { type, lhs } = root as Node
  const { value } = (lhs ?? {}) as Node
  return type === 'bind' && typeof value === 'string' ? value : undefined
}

/** The codes of syntax errors that a further line may fix: an unterminated quote, name, comment, pattern or expression. */
const OPEN_ENDED = new Set(['S0101', 'S0105', 'S0106', 'S0203', 'S0207', 'S0302'])

/** Throws a Problem if a text is not a valid expression. */
export function checkSyntax(text: string): void {
  try {
    jsonata(text)
  } catch (error) {
    throw syntaxProblem(text, error)
  }
}

/** True if an expression is invalid only because it ends too early. */
export function isIncomplete(text: string): boolean {
  try {
    jsonata(text)
    return false
  } catch (error) {
    const { code, token } = error as { code?: string; token?: string }
    return OPEN_ENDED.has(code ?? '') && (code !== 'S0203' || token === '(end)')
  }
}

const MAX_WIDTH = 76

/** Creates the Problem for invalid syntax, with the line and a caret under the position. */
export const syntaxProblem = (text: string, error: unknown): Problem =>
  new Problem('syntax', `this is not JSONata: ${messageOf(error)}${caret(text, error)}`, { exit: 2 })

interface Failure {
  code?: string
  token?: string
  position?: number
}

/** Creates the Problem for a failed evaluation; `functions` are the names to suggest from. */
export function queryProblem(text: string, error: unknown, functions: string[]): Problem {
  const { code = '', token, position } = error as Failure
  // A message of $error or $assert needs no position.
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
  // A tab would shift the caret.
  const line = (text.slice(from).split('\n', 1)[0] ?? '').replaceAll('\t', ' ')
  const start = Math.max(0, at - from - 50)
  return `\n  ${line.slice(start, start + MAX_WIDTH)}\n  ${' '.repeat(at - from - start)}^`
}
