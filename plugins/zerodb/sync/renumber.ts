import type { Local } from './local.ts'

/**
 * Numbers the messages of a session from 1 by their places, so that all devices show the same numbers, and counts them. `numbered` is their
 * number if all of them have their numbers already.
 */
export function renumber(local: Local, session: number, numbered?: number): void {
  const rows = numbered === undefined ? local.numbersOf(session) : []
  const count = numbered ?? rows.length
  local.setCount(count, session, count)
  if (rows.every(({ seq }, i) => seq === i + 1)) return
  // Numbers are unique within a session, so the rows get temporary negative numbers first.
  for (const [i, { pk }] of rows.entries()) local.setNumber(-1 - i, pk)
  for (const [i, { pk }] of rows.entries()) local.setNumber(i + 1, pk)
}
