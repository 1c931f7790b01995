import type { Aggregate, TotalsRow } from 'ainative-code'

/** The aggregates of a group of messages, by their field names in results. */
export const NUMBERS = {
  messages: { count: 'rows' },
  total_tokens: { sum: 'tokens' },
  input_tokens: { sum: 'input' },
  cached_tokens: { sum: 'cached' },
  cache_write_tokens: { sum: 'cache_write' },
  cache_write_1h_tokens: { sum: 'cache_write_1h' },
  output_tokens: { sum: 'output' },
  reasoning_tokens: { sum: 'reasoning' },
  web_searches: { sum: 'web_searches' },
  counted_messages: { count: 'tokens' },
  uncounted_replies: { count: 'uncounted' },
  average_response_ms: { avg: 'response' },
  p50_response_ms: { percentile: 'response', at: 0.5 },
  p95_response_ms: { percentile: 'response', at: 0.95 },
} as const satisfies Record<string, Aggregate>

/** Reads a count from a row; 0 if it is missing. */
export const countIn = (row: TotalsRow | undefined, name: string) => Number(row?.[name] ?? 0)

/** Reads a number from a row; null if it is unknown. */
export const numberIn = (row: TotalsRow | undefined, name: string) => (row?.[name] ?? null) as number | null

/** The number of tokens written to the cache; null if it is unknown. */
export const writtenIn = ({ cache_write_tokens: short = null, cache_write_1h_tokens: long = null }: TotalsRow | CacheWrites) =>
  short === null && long === null ? null : Number(short) + Number(long)

interface CacheWrites {
  cache_write_tokens: number | null
  cache_write_1h_tokens: number | null
}

/** The values of these keys in a row, as one string that identifies the group. */
export const idOf = (row: TotalsRow, keys: readonly string[]) => JSON.stringify(keys.map((key) => row[key] ?? null))

/** Splits rows into groups by these keys. The keys of the map come from idOf(). */
export function groupRows(rows: TotalsRow[], keys: readonly string[]): Map<string, TotalsRow[]> {
  const groups = new Map<string, TotalsRow[]>()
  for (const row of rows) {
    const id = idOf(row, keys)
    const group = groups.get(id)
    if (group) group.push(row)
    else groups.set(id, [row])
  }
  return groups
}
