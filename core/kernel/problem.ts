import type { PluginCode, ProblemCode } from './problem-codes.ts'

/** An expected failure: a message of one line, a hint with the next step, and the exit code (1 for a failure, 2 for wrong usage). */
export class Problem extends Error {
  readonly code: ProblemCode | PluginCode
  readonly hint: string | undefined
  readonly exit: number

  constructor(code: Problem['code'], message: string, options: { hint?: string; cause?: unknown; exit?: number } = {}) {
    super(message, { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.hint = options.hint
    this.exit = options.exit ?? 1
  }
}

/** Creates the Problem for a wrong command line, with exit code 2. */
export const usage = (message: string, hint?: string) => new Problem('usage', message, { hint, exit: 2 })

/** Creates the Problem for Ctrl-C at a question, with exit code 130. Nothing is printed for it. */
export const interrupted = () => new Problem('interrupted', 'interrupted', { exit: 130 })

/** True if a thrown value is a Problem. Never throws itself, although instanceof can throw for a proxy. */
export function isProblem(error: unknown): error is Problem {
  try {
    return error instanceof Problem
  } catch {
    return false
  }
}

/** The message of any thrown value, even one that is not an Error. */
export function messageOf(error: unknown): string {
  try {
    return textOf(error)
  } catch {
    return 'it threw a value without a readable message'
  }
}

function textOf(error: unknown): string {
  if (error === undefined || error === null || error === '') return `it threw ${error === '' ? 'an empty text' : error}`
  if (error instanceof Error) return String(error.message) || `it threw ${error.name} without a message`
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message)
  return String(error)
}

/** The `code` of an error of Node or SQLite, such as ENOENT or SQLITE_BUSY; undefined if there is none. */
export function codeOf(error: unknown): string | undefined {
  try {
    return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined
  } catch {
    return undefined
  }
}
