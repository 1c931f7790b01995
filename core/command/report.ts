import { messageOf, Problem } from '../kernel/problem.ts'
import { faultPlace, sourcePlace, sourceStack } from '../modules/source-place.ts'
import { escapeControls } from '../output/escape-controls.ts'

/** Formats an error for standard error. `debug` adds the stack. */
export function reportOf(error: unknown, debug: boolean): string {
  if (error instanceof Problem && error.code === 'interrupted') return ''
  const place = error instanceof Problem ? undefined : sourcePlace(error)
  const lines = [`error: ${place ? `${place}: ` : ''}${messageOf(error)}`]
  if (error instanceof Problem && error.hint) lines.push(`hint: ${error.hint}`)
  if (!(error instanceof Problem) && !place && !debug) lines.push(bugHint(error))
  if (debug && error instanceof Error)
    lines.push(sourceStack(error), ...(error.cause instanceof Error ? [`caused by: ${sourceStack(error.cause)}`] : []))
  return escapeControls(`${lines.join('\n')}\n`)
}

/** Returns the hint of an unexpected error, with the line of the program that threw it. */
function bugHint(error: unknown): string {
  const place = faultPlace(error)
  return `hint: this is a bug in ainative-code${place ? ` (${place})` : ''}; --debug shows the stack`
}

/** The exit code of each signal: 128 plus the number of the signal. */
export const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** Returns the exit code of an error: of the signal after an interrupt, of a Problem its own, and otherwise 1. */
export function exitCodeOf(error: unknown, signal?: AbortSignal): number {
  if (signal?.aborted) return signal.reason === 'SIGTERM' ? SIGNAL_CODES.SIGTERM : SIGNAL_CODES.SIGINT
  return error instanceof Problem ? error.exit : 1
}
