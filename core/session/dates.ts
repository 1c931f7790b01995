import { addDays, isValid, lightFormat, parseISO, sub } from 'date-fns'
import * as z from 'zod'
import { isoTime } from './session.ts'
import type { TimeSpan } from './time-span.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?$/i
const AGO = /^(\d{1,6})(h|d|w|mo|y)$/
const UNITS = { h: 'hours', d: 'days', w: 'weeks', mo: 'months', y: 'years' } as const

/** Reads an ISO date or time, or an age such as 30d, 12h, 2w, 6mo, 1y. Undefined for any other text. */
export function parseTimeSpan(text: string, now = Date.now()): TimeSpan | undefined {
  const ago = AGO.exec(text)
  if (ago) {
    const at = sub(now, { [UNITS[ago[2] as keyof typeof UNITS]]: Number(ago[1]) })
    return isValid(at) ? { from: at.getTime(), end: at.getTime() + 1 } : undefined
  }
  if (!DAY.test(text) && !TIME.test(text)) return undefined
  const at = parseISO(text.toUpperCase().replace(' ', 'T').replace(',', '.'))
  if (!isValid(at)) return undefined
  return { from: at.getTime(), end: DAY.test(text) ? addDays(at, 1).getTime() : at.getTime() + 1 }
}

const STAMP =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?|24:00(?::00(?:[.,]0+)?)?)(Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?$/i

/**
 * Reads an ISO 8601 time of a file, in milliseconds UTC. Undefined for any other text, and outside of the years 0 to 9999. A time without
 * a zone is UTC, so that a file has the same meaning on every machine.
 */
export function utcTime(text: string): number | undefined {
  return ownTime(text) ?? foreignTime(text)
}

/** Reads a time in the form of isoTime, which most times have. Ten times as fast as foreignTime. */
function ownTime(text: string): number | undefined {
  const ms = /^\d.*Z$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) || isoTime(ms) !== text ? undefined : ms
}

function foreignTime(text: string): number | undefined {
  const [, day, clock = '00:00', zone = 'Z'] = STAMP.exec(text) ?? []
  if (day === undefined || !isDay(day)) return undefined
  const offset = zone.length > 3 ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : zone.length === 3 ? `${zone}:00` : 'Z'
  const ms = Date.parse(`${day}T${clock.replace(',', '.')}${offset}`)
  return /^\d{4}-/.test(new Date(ms).toISOString()) ? ms : undefined
}

/** True for a day that exists. Date.parse accepts February 30 as March 1. */
const isDay = (day: string) => Number.isFinite(Date.parse(day)) && new Date(day).toISOString().startsWith(day)

let words: typeof import('./date-words.ts') | undefined

/** Thrown for a date in words while the parser of words is not loaded. */
const UNREAD = new Error('date words are not loaded')

/** Runs work that reads dates. If a date is in words, loads the large parser of words and runs the work again. */
export async function withDates<T>(work: () => T): Promise<T> {
  try {
    return work()
  } catch (error) {
    if (error !== UNREAD) throw error
    words = await import('./date-words.ts')
    return work()
  }
}

const EXPECTED = 'expected a date (2024-01-31), a time (2024-01-31T10:30), an age (30d, 12h, 2w, 6mo, 1y) or words (yesterday, 2 weeks ago)'

/** A schema of a date. The parse has to run within withDates. */
export const dateFlag = () =>
  z.string().transform((text, context): TimeSpan => {
    const span = parseTimeSpan(text)
    if (span) return span
    if (text.trim() !== '' && !words) throw UNREAD
    const reading = words?.readDateWords(text, Date.now())
    if (reading && 'from' in reading) return reading
    context.addIssue({ code: 'custom', message: reading ? `${reading.problem}; ${EXPECTED}` : EXPECTED })
    return z.NEVER
  })

/** Formats an ISO time as local time, by default `2024-01-15 10:30`; `pattern` is one of date-fns. */
export const localTime = (iso: string, pattern = 'yyyy-MM-dd HH:mm') => lightFormat(new Date(iso), pattern)
