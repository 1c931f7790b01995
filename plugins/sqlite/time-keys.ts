import { DAY_MS, type TimeKey, type ZoneChange, zoneOf } from 'ainative-code'
import { type RawBuilder, sql } from 'kysely'

/** An offset of whole weeks that makes every time positive: SQLite's integer division rounds towards zero. */
const SHIFT_DAYS = 7 * 150_000
const SHIFT_MS = SHIFT_DAYS * DAY_MS
const lit = (value: number) => sql.lit(value)

/**
 * The SQL of the time unit that contains `time` (milliseconds UTC) in a time zone. A day is the number of days since 1970-01-01, and a
 * week the number of its Monday; a month is `YYYY-MM`.
 */
export function timeSql(key: TimeKey, time: RawBuilder<unknown>, timeZone: string | undefined): RawBuilder<unknown> {
  const local = sql`(${time} + ${offsetSql(time, zoneOf(timeZone).changes)} + ${lit(SHIFT_MS)})`
  const day = sql`(${local} / ${lit(DAY_MS)})`
  if (key === 'hour') return sql`${local} / 3600000 % 24`
  if (key === 'weekday') return sql`(${day} + 3) % 7 + 1`
  if (key === 'day') return sql`${day} - ${lit(SHIFT_DAYS)}`
  // 1970-01-01 is a Thursday.
  if (key === 'week') return sql`(${day} + 3) / 7 * 7 - 3 - ${lit(SHIFT_DAYS)}`
  return sql`strftime('%Y-%m', ${local} / 1000 - ${lit(SHIFT_MS / 1000)}, 'unixepoch')`
}

/** Finds the offset of a time by binary search: a zone can have two changes a year. */
function offsetSql(time: RawBuilder<unknown>, changes: ZoneChange[]): RawBuilder<unknown> {
  const middle = changes.length >> 1
  const change = changes[middle]
  if (!change || middle === 0) return lit(changes[0]?.offset ?? 0)
  const [before, after] = [offsetSql(time, changes.slice(0, middle)), offsetSql(time, changes.slice(middle))]
  return sql`case when ${time} < ${lit(change.from)} then ${before} else ${after} end`
}
