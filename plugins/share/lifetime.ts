import * as z from 'zod'

const UNITS = { h: 'hours', d: 'days', w: 'weeks', mo: 'months', y: 'years' } as const
const LIFETIME = /^([1-9]\d{0,2}|[1-9]\d{3}(?=[hdw]$))(h|d|w|mo|y)$/

/** Returns the schema of a lifetime such as 30d. The parsed value is an interval of PostgreSQL, such as `30 days`. */
export const lifetimeFlag = () =>
  z.string().transform((text, context): string => {
    const [, count, unit] = LIFETIME.exec(text) ?? []
    if (count !== undefined) return `${count} ${UNITS[unit as keyof typeof UNITS]}`
    context.addIssue({ code: 'custom', message: 'expected a time such as 12h, 30d, 2w, 6mo or 1y' })
    return z.NEVER
  })
