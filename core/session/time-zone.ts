import type { TimeKey } from '../contract/totals.ts'

/** A time in milliseconds UTC from which a zone has this offset, in milliseconds ahead of UTC. */
export interface ZoneChange {
  from: number
  offset: number
}

/** A time zone: its changes in order, and its offset at a time. */
export interface Zone {
  changes: ZoneChange[]
  offsetAt(ms: number): number
}

/** The milliseconds of a day. */
export const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
/** The step of the search for changes. No zone changes its offset twice within this time. */
const STEP_MS = 14 * DAY_MS
const FIRST = 0
const LAST = Date.UTC(2101, 0)

/** True for the name of an IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const zones = new Map<string | undefined, Zone>()

/** Returns the zone with an IANA name, by default the zone of the system. */
export function zoneOf(name?: string): Zone {
  const known = zones.get(name)
  if (known) return known
  const changes = changesOf(name === undefined ? systemOffset : offsetIn(name))
  const zone = { changes, offsetAt: (ms: number) => lastBefore(changes, ms).offset }
  zones.set(name, zone)
  return zone
}

const systemOffset = (ms: number) => -new Date(ms).getTimezoneOffset() * MINUTE_MS

/** Returns a function that computes the offset of any zone. A Date only knows the zone of the system. */
function offsetIn(timeZone: string): (ms: number) => number {
  const part = 'numeric'
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: part, month: part, day: part, hour: part, minute: part, second: part },
  })
  return (ms) => {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = (format.format(ms).match(/\d+/g) ?? []).map(Number)
    return Date.UTC(year, month - 1, day, hour, minute, second) - ms
  }
}

function changesOf(offsetAt: (ms: number) => number): ZoneChange[] {
  let last = { from: FIRST, offset: offsetAt(FIRST) }
  const changes = [last]
  for (let at = FIRST; at < LAST; at += STEP_MS) {
    const offset = offsetAt(at + STEP_MS)
    if (offset === last.offset) continue
    last = { from: changeBetween(at, at + STEP_MS, last.offset, offsetAt), offset }
    changes.push(last)
  }
  return changes
}

/** Returns the first minute that no longer has this offset. */
function changeBetween(from: number, to: number, offset: number, offsetAt: (ms: number) => number): number {
  let [same, other] = [from, to]
  while (other - same > MINUTE_MS) {
    const middle = same + Math.floor((other - same) / 2 / MINUTE_MS) * MINUTE_MS
    if (offsetAt(middle) === offset) same = middle
    else other = middle
  }
  return other
}

function lastBefore(changes: ZoneChange[], ms: number): ZoneChange {
  let [low, high] = [0, changes.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((changes[middle] as ZoneChange).from <= ms) low = middle
    else high = middle
  }
  return changes[low] as ZoneChange
}

/** Formats the number of a day since 1970-01-01 as `2024-01-15`. */
export const dayText = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, -14)

/** Returns the weekday of a day's number: 1 (Monday) to 7. */
export const weekdayOf = (day: number) => ((((day + 3) % 7) + 7) % 7) + 1

/** Functions that return the value of a TimeKey for a local time in milliseconds. */
export const timeKeys: Record<TimeKey, (local: number) => string | number> = {
  day: (local) => dayText(Math.floor(local / DAY_MS)),
  week: (local) => dayText(Math.floor(local / DAY_MS) - weekdayOf(Math.floor(local / DAY_MS)) + 1),
  month: (local) => dayText(Math.floor(local / DAY_MS)).slice(0, -3),
  hour: (local) => Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / 3_600_000),
  weekday: (local) => weekdayOf(Math.floor(local / DAY_MS)),
}
