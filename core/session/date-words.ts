import { casual, type ParsedResult } from 'chrono-node/en'
import { addDays, addMonths, addYears, lightFormat, startOfDay, startOfMonth, startOfWeek, startOfYear, subDays, subYears } from 'date-fns'
import type { TimeSpan } from './time-span.ts'

/** The time span of a date in words, or the reason why the text is not one date. */
export type DateResult = TimeSpan | { problem: string }

/** The maximum length of a date in words. chrono's patterns take too long for longer texts. */
const LONGEST = 60

/** Reads a date in words, such as `yesterday`, `monday`, `2 weeks ago` or `5 jan 2024`. Undefined if the text has no date. */
export function readDateWords(words: string, now: number): DateResult | undefined {
  const text = words.trim()
  if (text.length > LONGEST || !/^[a-z\d]/i.test(text) || /^\d{4}-/.test(text)) return undefined
  const ago = /^\d.*[a-z]$/i.test(text) && !/\bago$/i.test(text) ? parse(`${text} ago`, now) : []
  const found = parse(text, now)
  if (found.length === 0 && ago[0]?.text === `${text} ago`) return readOne(ago[0], now)
  if (found.length > 1) return { problem: `it names ${found.length} dates: ${found.map(shown).join(' and ')}` }
  const [only] = found
  if (!only) return undefined
  return only.text === text ? readOne(only, now) : { problem: `only ${JSON.stringify(only.text)} in it is a date (${shown(only)})` }
}

const parse = (text: string, now: number) => casual.parse(text, new Date(now))

const day = (date: Date) => lightFormat(date, 'yyyy-MM-dd')

const shown = ({ start }: ParsedResult) => day(start.date())

function readOne(result: ParsedResult, now: number): DateResult {
  const { text, start, end } = result
  if (end) return { problem: `it is a range, from ${shown(result)} to ${day(end.date())}` }
  const problem = findVagueness(result) ?? findAmbiguity(result, now) ?? findContradiction(result)
  if (problem) return { problem }
  const [, which = '', unit] = /^(this|last|next) (week|month|year)$/i.exec(text) ?? []
  const date = /this/i.test(which) ? new Date(now) : chooseDate(result, now)
  if (unit) return spanOf(unit.toLowerCase(), date)
  if (start.isCertain('hour') || isRelative(result)) return { from: date.getTime(), end: date.getTime() + 1 }
  if (start.isCertain('day') || start.isCertain('weekday')) return spanOf('day', date)
  return spanOf(start.isCertain('month') ? 'month' : 'year', date)
}

const PARTS = ['year', 'month', 'day', 'weekday', 'hour'] as const

/** The reason why a text is too vague, such as `next weekend`; undefined if the text names a definite time. */
function findVagueness({ text, start }: ParsedResult): string | undefined {
  const certain = PARTS.some((part) => start.isCertain(part)) || /^this week$/i.test(text)
  return certain && !/\b(few|several|weekend|quarter)\b/i.test(text) ? undefined : 'it names no definite date'
}

/** The reason why a text can mean two dates; undefined if the text has one meaning. */
function findAmbiguity({ text, start }: ParsedResult, now: number): string | undefined {
  const date = start.date()
  if (/^this [a-z]+day$|^this (mon|tue|wed|thu|fri|sat|sun)$/i.test(text) && day(date) !== day(new Date(now)))
    return `it may be ${day(date)} or ${day(date.getTime() > now ? subDays(date, 7) : addDays(date, 7))}`
  const [, one, other] = /(?<![\d./-])(\d{1,2})[./-](\d{1,2})(?!\d)/.exec(text) ?? []
  if (one === undefined || Number(one) === Number(other) || Math.max(Number(one), Number(other)) > 12) return undefined
  const swapped = new Date(date.getFullYear(), date.getDate() - 1, date.getMonth() + 1)
  return `it may be ${day(date)} or ${day(swapped)}`
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** The reason why the parts of a date contradict each other; undefined if they do not. */
function findContradiction({ start }: ParsedResult): string | undefined {
  const [weekday, date] = [start.get('weekday'), start.date()]
  if (!start.isCertain('weekday') || !start.isCertain('day') || weekday === null || weekday === date.getDay()) return undefined
  return `${day(date)} is a ${WEEKDAYS[date.getDay()]}`
}

/** True for a time that counts from now, such as `2 weeks ago`. */
const isRelative = ({ text, start }: ParsedResult) => start.tags().has('result/relativeDate') && !/(yesterday|today|tomorrow)$/i.test(text)

/** Returns the date. If the text names no year, week or day, returns the last such date that is not in the future. */
function chooseDate(result: ParsedResult, now: number): Date {
  const { text, start } = result
  const date = start.date()
  if (start.isCertain('year') || isRelative(result) || /^next\b/i.test(text)) return date
  const isDay = start.isCertain('day') || start.isCertain('weekday')
  const begin = start.isCertain('hour') ? date : isDay ? startOfDay(date) : startOfMonth(date)
  if (begin.getTime() <= now) return date
  if (start.isCertain('month')) return subYears(date, 1)
  return subDays(date, start.isCertain('weekday') ? 7 : 1)
}

const SPANS = {
  day: [startOfDay, addDays],
  week: [(date: Date) => startOfWeek(date, { weekStartsOn: 1 }), (date: Date) => addDays(date, 7)],
  month: [startOfMonth, addMonths],
  year: [startOfYear, addYears],
} as const satisfies Record<string, [(date: Date) => Date, (date: Date, count: number) => Date]>

function spanOf(unit: string, date: Date): TimeSpan {
  const [start, add] = SPANS[unit as keyof typeof SPANS]
  const from = start(date)
  return { from: from.getTime(), end: add(from, 1).getTime() }
}
