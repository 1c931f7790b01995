import type { Aggregate, TotalsRow } from 'ainative-code'

/** The numbers of a group of messages, by their names in results. */
export const NUMBERS = {
  messages: { count: 'rows' },
  total_tokens: { sum: 'tokens' },
  input_tokens: { sum: 'input' },
  cached_tokens: { sum: 'cached' },
  output_tokens: { sum: 'output' },
  reasoning_tokens: { sum: 'reasoning' },
  counted_messages: { count: 'tokens' },
  uncounted_replies: { count: 'uncounted' },
  average_response_ms: { avg: 'response' },
  p50_response_ms: { percentile: 'response', at: 0.5 },
  p95_response_ms: { percentile: 'response', at: 0.95 },
} as const satisfies Record<string, Aggregate>

/** The count of a row that always has one. */
export const countIn = (row: TotalsRow | undefined, name: string) => Number(row?.[name] ?? 0)

/** A number of a row; null where it is unknown. */
export const numberIn = (row: TotalsRow | undefined, name: string) => (row?.[name] ?? null) as number | null
