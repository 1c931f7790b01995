import { plural, table, type View, type Zone } from 'ainative-code'
import { green, sparkline } from './bars.ts'
import { costLines } from './cost-text.ts'
import type { CostResult } from './costs.ts'
import { dayNumber } from './days.ts'
import { heatmap } from './heatmap.ts'
import { hourLabel } from './keys.ts'
import { writtenIn } from './numbers.ts'
import type { Lists, Overview } from './overview-data.ts'
import { countText, coverage, duration, localDateTime, responseTime } from './text.ts'

const SHOWN = 5
const ONE_DIGIT = { minimumFractionDigits: 1, maximumFractionDigits: 1 }

interface Page {
  numbers: Overview
  lists: Lists
  cost: CostResult
  zone: Zone
}

/** Prints an overview; on a terminal with charts of the messages per day and per hour. */
export async function* printOverview(page: Page, view: View): AsyncIterable<string> {
  const { numbers, lists } = page
  yield lines(page, (await costLines(page.cost, view)).trimEnd())
  if (numbers.messages === 0) return
  if (view.interactive) {
    const days = new Map(lists.days.map(({ day, messages }) => [dayNumber(day), messages]))
    yield `\nMessages by Day\n${heatmap(days, view)}\nMessages by Hour\n${hours(lists, view)}`
  }
  yield '\nBusiest Hours\n'
  yield* table(
    lists.busiest_hours.slice(0, SHOWN),
    [
      { title: 'HOUR', value: ({ hour }) => hourLabel(hour) },
      { title: 'MESSAGES', value: ({ messages }) => countText(messages) },
    ],
    view,
  )
  yield '\nLongest Sessions\n'
  yield* table(
    lists.longest_sessions,
    [
      { title: 'ID', value: ({ id }) => id },
      { title: 'TITLE', value: ({ title }) => title, flexible: true },
      { title: 'DURATION', value: ({ duration_ms }) => duration(duration_ms) },
      { title: 'MESSAGES', value: ({ messages }) => countText(messages) },
    ],
    view,
  )
}

function lines({ numbers, zone }: Page, costText: string): string {
  const { sessions, messages, average_messages, longest_streak_days, current_streak_days } = numbers
  const time = (iso: string | null) => localDateTime(iso === null ? null : Date.parse(iso), zone)
  const each = average_messages === null ? '' : ` (${average_messages.toLocaleString('en-US', ONE_DIGIT)} per session)`
  const counted = coverage(numbers)
  const text = [
    `Sessions: ${countText(sessions)}`,
    `Messages: ${countText(messages)}${each}`,
    `Total Tokens: ${countText(numbers.total_tokens)}`,
    ...(counted ? [`Counted: ${counted}`] : []),
    `Input Tokens: ${countText(numbers.input_tokens)}`,
    `Cached Tokens: ${countText(numbers.cached_tokens)}`,
    `Tokens Written to Cache: ${countText(writtenIn(numbers))}`,
    `Output Tokens: ${countText(numbers.output_tokens)}`,
    `Reasoning Tokens: ${countText(numbers.reasoning_tokens)}`,
    ...(numbers.web_searches === null ? [] : [`Web Searches: ${countText(numbers.web_searches)}`]),
    ...(numbers.messages > 0 ? [costText] : []),
    `Average Response Time: ${responseTime(numbers.average_response_ms)}`,
    `Response Time p50: ${responseTime(numbers.p50_response_ms)}`,
    `Response Time p95: ${responseTime(numbers.p95_response_ms)}`,
    `First Message: ${time(numbers.first_message)}`,
    `Last Message: ${time(numbers.last_message)}`,
    `Active Days: ${countText(numbers.active_days)}`,
    `Longest Streak: ${plural(longest_streak_days, 'day')}`,
    `Current Streak: ${plural(current_streak_days, 'day')}`,
    `Time Zone: ${numbers.time_zone}`,
  ]
  return `${text.join('\n')}\n`
}

function hours({ busiest_hours }: Lists, view: View): string {
  const values = Array.from({ length: 24 }, (_, hour) => busiest_hours.find((each) => each.hour === hour)?.messages ?? 0)
  return `${green(sparkline(values), view.color)}\n0     6     12    18   23\n`
}
