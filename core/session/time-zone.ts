/** From when on the clock of a zone is this many milliseconds ahead of UTC. */
import type { TimeKey } from '../contract/totals.ts'
export interface ZoneChange {
  from: number
  offset: number
}

/** A time zone: its offsets in order, and the offset at a time. */
export interface Zone {
  changes: ZoneChange[]
  offsetAt(ms: number): number
}

export const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
/** No zone changes its offset and back within this time. */
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

/** The zone of an IANA name; without a name, the system's. */
export function zoneOf(name?: string): Zone {
  const known = zones.get(name)
  if (known) return known
  const changes = changesOf(name === undefined ? systemOffset : offsetIn(name))
  const zone = { changes, offsetAt: (ms: number) => lastBefore(changes, ms).offset }
  zones.set(name, zone)
  return zone
}

const systemOffset = (ms: number) => -new Date(ms).getTimezoneOffset() * MINUTE_MS

/** Reads the clock of a zone; a Date of JavaScript knows the system's only. */
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

/** The first minute that no longer has this offset. */
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

/** A day as text, of its number from 1970-01-01. */
export const dayText = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, -14)

/** 1 (Monday) to 7 of a day's number. */
export const weekdayOf = (day: number) => ((((day + 3) % 7) + 7) % 7) + 1

/** The values of TimeKeys of a time on the clock of a zone, in milliseconds. */
export const timeKeys: Record<TimeKey, (local: number) => string | number> = {
  day: (local) => dayText(Math.floor(local / DAY_MS)),
  week: (local) => dayText(Math.floor(local / DAY_MS) - weekdayOf(Math.floor(local / DAY_MS)) + 1),
  month: (local) => dayText(Math.floor(local / DAY_MS)).slice(0, -3),
  hour: (local) => Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / 3_600_000),
  weekday: (local) => weekdayOf(Math.floor(local / DAY_MS)),
}
