import { DAY_MS } from 'ainative-code'

/** Messages of days, by the number of the day from 1970-01-01. */
export type Days = Map<number, number>

export const dayNumber = (day: string) => Date.parse(day) / DAY_MS

/** Runs of days with messages: the longest, and the one that ends today or yesterday. */
export function streaksOf(days: Days, today: number): { longest: number; current: number } {
  let [longest, run, current] = [0, 0, 0]
  for (const day of [...days.keys()].sort((a, b) => a - b)) {
    run = days.has(day - 1) ? run + 1 : 1
    longest = Math.max(longest, run)
    if (day === today || day === today - 1) current = run
  }
  return { longest, current }
}
