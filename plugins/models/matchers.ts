import type { ReadError } from './provider-error.ts'

/** Tells whether a failure rule applies to an error. */
export type Matcher = (error: ReadError) => boolean

/** Matches errors with one of these statuses of HTTP. */
export const hasStatus =
  (...statuses: number[]): Matcher =>
  ({ status }) =>
    status !== undefined && statuses.includes(status)

/** Matches errors with one of these codes. */
export const hasCode =
  (...codes: string[]): Matcher =>
  ({ code }) =>
    code !== undefined && codes.includes(code)

/**
 * Matches errors whose code fits the pattern, in lower case, or whose message does. A message may mention anything, so it counts only
 * where there is no status of a failure, or one of `statuses`, which say little.
 */
export const mentions =
  (pattern: RegExp, ...statuses: number[]): Matcher =>
  ({ status, code = '', message }) => {
    const isVague = status === undefined || status < 300 || statuses.includes(status)
    return pattern.test(code.toLowerCase()) || (isVague && pattern.test(message.toLowerCase()))
  }

/** Matches errors that any of the matchers matches. */
export const anyOf =
  (...matchers: Matcher[]): Matcher =>
  (error) =>
    matchers.some((matches) => matches(error))
