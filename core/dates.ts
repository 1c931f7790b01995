import { addDays, isValid, lightFormat, parseISO, sub } from 'date-fns'
import * as z from 'zod'

const DAY = /^\d{4}-\d{2}-\d{2}$/
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?$/i
const AGO = /^(\d{1,6})(h|d|w|mo|y)$/
const UNITS = { h: 'hours', d: 'days', w: 'weeks', mo: 'months', y: 'years' } as const

/** The span that a date names, in milliseconds: a whole local day, or one instant. */
export interface Moment {
  from: number
  /** The first millisecond after it. */
  end: number
}

/** Reads an ISO date or time, or an age such as 30d, 12h, 2w, 6mo, 1y; undefined where it is none. */
export function parseMoment(text: string, now = Date.now()): Moment | undefined {
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

/** A flag that takes a date. */
export const dateFlag = () =>
  z.string().transform((text, context): Moment => {
    const moment = parseMoment(text)
    if (moment) return moment
    context.addIssue({
      code: 'custom',
      message: 'expected a date (2024-01-31), a time (2024-01-31T10:30) or an age (30d, 12h, 2w, 6mo, 1y)',
    })
    return z.NEVER
  })

/** An ISO time as local `2024-01-15 10:30`; with seconds on request. */
export const localTime = (iso: string, pattern = 'yyyy-MM-dd HH:mm') => lightFormat(new Date(iso), pattern)
