import { dayText, type View, weekdayOf } from 'ainative-code'
import { green } from './bars.ts'
import type { MessagesPerDay } from './days.ts'
import { WEEKDAYS } from './keys.ts'

const SHADES = ['·', '░', '▒', '▓', '█']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MARGIN = 4
const WEEKS = 53

/** Draws the year up to the last day with messages: one row per weekday, one column per week, as many weeks as fit the width. */
export function heatmap(days: MessagesPerDay, view: View): string {
  const last = [...days.keys()].reduce((a, b) => Math.max(a, b))
  const weeks = Math.max(1, Math.min(WEEKS, view.width - MARGIN))
  const end = last - weekdayOf(last) + 1
  const mondays = Array.from({ length: weeks }, (_, i) => end - 7 * (weeks - 1 - i))
  const shade = shadesOf(days, mondays[0] ?? end)
  const rows = WEEKDAYS.map((name, weekday) => {
    const cells = mondays.map((monday) => (monday + weekday > last ? ' ' : shade(monday + weekday))).join('')
    return `${name} ${green(cells.trimEnd(), view.color)}\n`
  })
  return `${' '.repeat(MARGIN)}${months(mondays).trimEnd()}\n${rows.join('')}${' '.repeat(MARGIN)}less ${green(SHADES.join(''), view.color)} more\n`
}

/**
 * Creates the function that finds the shade of a day. Shades are quartiles of the days since `from`, so that one busy day does not make all
 * others pale.
 */
function shadesOf(days: MessagesPerDay, from: number): (day: number) => string {
  const counts = [...days].flatMap(([day, count]) => (day >= from ? [count] : [])).sort((a, b) => a - b)
  const bounds = [0.25, 0.5, 0.75].map((share) => counts[Math.floor((counts.length - 1) * share)] ?? 0)
  return (day) => {
    const count = days.get(day)
    return SHADES[count === undefined ? 0 : 1 + bounds.filter((bound) => count > bound).length] ?? ''
  }
}

/** The line with the names of the months, each above the week in which the month starts, if there is space. */
function months(mondays: number[]): string {
  let line = ''
  for (const [i, monday] of mondays.entries()) {
    const [month = 1, day = 1] = dayText(monday + 6)
      .split('-')
      .slice(-2)
      .map(Number)
    if (day <= 7 && line.length <= i && i + 3 <= mondays.length) line = `${line.padEnd(i)}${MONTHS[month - 1]} `
  }
  return line
}
