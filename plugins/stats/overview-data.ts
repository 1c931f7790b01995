/** The numbers of a selection; unknown numbers are null. Times are ISO 8601 UTC. */
export interface Overview {
  sessions: number
  messages: number
  /** Messages per session. */
  average_messages: number | null
  total_tokens: number | null
  input_tokens: number | null
  cached_tokens: number | null
  cache_write_tokens: number | null
  cache_write_1h_tokens: number | null
  output_tokens: number | null
  reasoning_tokens: number | null
  web_searches: number | null
  /** Messages with token counts. */
  counted_messages: number
  /** Replies without token counts. */
  uncounted_replies: number
  average_response_ms: number | null
  p50_response_ms: number | null
  p95_response_ms: number | null
  first_message: string | null
  last_message: string | null
  time_zone: string
  active_days: number
  longest_streak_days: number
  current_streak_days: number
}

/** One of the longest sessions. */
export interface LongSession {
  id: string
  title: string
  duration_ms: number
  messages: number
}

/** The lists of an overview. Days are YYYY-MM-DD. */
export interface Lists {
  longest_sessions: LongSession[]
  busiest_hours: { hour: number; messages: number }[]
  days: { day: string; messages: number }[]
}
