import type { PluginCode, ProblemCode } from './problem-codes.ts'

/** An expected failure: one line for people, a hint that names a next step, and the exit code (1 a problem, 2 wrong usage). */
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

/** A Problem in how a command was called: exit 2. */
export const usage = (message: string, hint?: string) => new Problem('usage', message, { hint, exit: 2 })

/** Ctrl-C at a question: nothing to say, exit 130. */
export const interrupted = () => new Problem('interrupted', 'interrupted', { exit: 130 })

/** Whether something that was thrown is a Problem; a proxy may throw when it is asked. */
export function isProblem(error: unknown): error is Problem {
  try {
    return error instanceof Problem
  } catch {
    return false
  }
}

/** What to say about anything that was thrown; strings, plain objects and nothing at all are thrown too. */
export function messageOf(error: unknown): string {
  try {
    return textOf(error)
  } catch {
    return 'it threw something that does not say what it is'
  }
}

function textOf(error: unknown): string {
  if (error === undefined || error === null || error === '') return `it threw ${error === '' ? 'an empty text' : error}`
  if (error instanceof Error) return String(error.message) || `it threw ${error.name} without a message`
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message)
  return String(error)
}

/** The `code` of a Node or SQLite error, such as ENOENT or SQLITE_BUSY. */
export function codeOf(error: unknown): string | undefined {
  try {
    return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined
  } catch {
    return undefined
  }
}
