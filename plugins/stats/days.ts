import { DAY_MS } from 'ainative-code'

/** The number of messages per day. The key is the number of days since 1970-01-01. */
export type MessagesPerDay = Map<number, number>

/** Converts a day, as YYYY-MM-DD, to the number of days since 1970-01-01. */
export const dayNumber = (day: string) => Date.parse(day) / DAY_MS

/** The lengths, in days, of the longest streak of days with messages and of the streak that ends today or yesterday. */
export function streaksOf(days: MessagesPerDay, today: number): { longest: number; current: number } {
  let [longest, run, current] = [0, 0, 0]
  for (const day of [...days.keys()].sort((a, b) => a - b)) {
    run = days.has(day - 1) ? run + 1 : 1
    longest = Math.max(longest, run)
    if (day === today || day === today - 1) current = run
  }
  return { longest, current }
}
