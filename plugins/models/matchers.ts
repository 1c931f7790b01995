import type { ReadError } from './provider-error.ts'

/** Returns true if a failure rule applies to an error. */
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
 * Matches errors whose code, in lower case, matches the pattern. Also tests the message, but only if the error has no status, a status
 * of success, or one of `statuses`: a message may contain any words, and a more precise status has its own rule.
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
