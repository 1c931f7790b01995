import { DAY_MS, plural, type Zone } from 'ainative-code'

const UNKNOWN = 'unknown'

const formatKnown = (value: number | null, text: (value: number) => string) => (value === null ? UNKNOWN : text(value))

/** Formats a count with separators, such as 12,345; `unknown` for null. */
export const countText = (value: number | null) => formatKnown(value, (number) => number.toLocaleString('en-US'))

const UNITS: [name: string, ms: number][] = [
  ['d', DAY_MS],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
]

/** Formats milliseconds in their two largest units, such as `2h 15m` or `45s`. */
export const duration = (ms: number | null) =>
  formatKnown(ms, (value) => {
    const first = Math.max(
      0,
      UNITS.findIndex(([, unit]) => value >= unit),
    )
    const start = value < 1000 ? UNITS.length - 1 : first
    let left = value
    const parts = UNITS.slice(start, start + 2).map(([name, unit]) => {
      const whole = Math.floor(left / unit)
      left -= whole * unit
      return { name, whole }
    })
    return parts.flatMap(({ name, whole }, i) => (i === 0 || whole > 0 ? [`${whole}${name}`] : [])).join(' ')
  })

/** Formats milliseconds as `3.2s`; below 0.1 s as `85ms`; from one minute on like duration(). */
export const responseTime = (ms: number | null) =>
  formatKnown(ms, (value) => {
    if (value > 0 && value < 100) return `${Math.max(1, Math.round(value))}ms`
    return Math.round(value / 100) < 600 ? `${(Math.round(value / 100) / 10).toFixed(1)}s` : duration(Math.round(value / 1000) * 1000)
  })

/** Formats milliseconds UTC in a time zone, as `2024-01-15 10:30:00`. */
export const localDateTime = (ms: number | null, zone: Zone) =>
  formatKnown(ms, (value) => new Date(value + zone.offsetAt(value)).toISOString().slice(0, -5).replace('T', ' '))

interface TokenCounts {
  messages: number
  total_tokens: number | null
  counted_messages: number
  uncounted_replies: number
}

/** Formats how many messages a token total covers, such as `10 of 24 messages`; undefined if it covers all. */
export const coverage = ({ messages, total_tokens, counted_messages, uncounted_replies }: TokenCounts): string | undefined =>
  total_tokens !== null && uncounted_replies > 0 ? `${countText(counted_messages)} of ${plural(messages, 'message')}` : undefined
