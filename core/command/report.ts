import { messageOf, Problem } from '../kernel/problem.ts'
import { faultPlace, sourcePlace, sourceStack } from '../modules/source-place.ts'
import { harmless } from '../output/harmless.ts'

/** A failure as lines for standard error; the stack only for debugging. */
export function reportOf(error: unknown, debug: boolean): string {
  if (error instanceof Problem && error.code === 'interrupted') return ''
  const place = error instanceof Problem ? undefined : sourcePlace(error)
  const lines = [`error: ${place ? `${place}: ` : ''}${messageOf(error)}`]
  if (error instanceof Problem && error.hint) lines.push(`hint: ${error.hint}`)
  if (!(error instanceof Problem) && !place && !debug) lines.push(faultHint(error))
  if (debug && error instanceof Error)
    lines.push(sourceStack(error), ...(error.cause instanceof Error ? [`caused by: ${sourceStack(error.cause)}`] : []))
  return harmless(`${lines.join('\n')}\n`)
}

function faultHint(error: unknown): string {
  const place = faultPlace(error)
  return `hint: this is a fault of ainative-code${place ? ` (${place})` : ''}; --debug shows the stack`
}

/** What each signal ends a program with, as shells have it: 128 and its number. */
export const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** Interrupted: that of the signal. A Problem: its own. Anything else: 1. */
export function exitCodeOf(error: unknown, signal?: AbortSignal): number {
  if (signal?.aborted) return signal.reason === 'SIGTERM' ? SIGNAL_CODES.SIGTERM : SIGNAL_CODES.SIGINT
  return error instanceof Problem ? error.exit : 1
}
