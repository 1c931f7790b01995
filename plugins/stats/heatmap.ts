import { dayText, type View, weekdayOf } from 'ainative-code'
import type { Days } from './days.ts'
import { green } from './draw.ts'
import { WEEKDAYS } from './keys.ts'

const SHADES = ['·', '░', '▒', '▓', '█']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MARGIN = 4
const WEEKS = 53

/** The year that ends with the last day with messages: a row for each weekday, a column for each week; fewer weeks where the width is less. */
export function heatmap(days: Days, view: View): string {
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

/** The shade of a day, by quarters of the days with messages since `from`, so that one busy day does not make all others pale. */
function shadesOf(days: Days, from: number): (day: number) => string {
  const counts = [...days].flatMap(([day, count]) => (day >= from ? [count] : [])).sort((a, b) => a - b)
  const bounds = [0.25, 0.5, 0.75].map((share) => counts[Math.floor((counts.length - 1) * share)] ?? 0)
  return (day) => {
    const count = days.get(day)
    return SHADES[count === undefined ? 0 : 1 + bounds.filter((bound) => count > bound).length] ?? ''
  }
}

/** The names of months above the weeks in which they begin, where there is room. */
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
