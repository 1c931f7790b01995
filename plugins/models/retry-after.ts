/** The milliseconds that the headers ask a client to wait: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function retryAfter(headers: Record<string, string>): number | undefined {
  const ms = numberIn(headers['retry-after-ms'])
  if (ms !== undefined) return ms
  const after = headers['retry-after'] ?? ''
  const seconds = numberIn(after)
  if (seconds !== undefined) return seconds * 1000
  // Date.parse accepts many texts, but an HTTP date contains the name of a month.
  const at = /[a-z]{3}/i.test(after) ? Date.parse(after) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}

const numberIn = (text = '') => (/^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined)
