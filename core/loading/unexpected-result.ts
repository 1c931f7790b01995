/** What a value is, for a message. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

export const expected = (what: string, value: unknown) => new Error(`it returned ${shownValue(value)}, expected ${what}`)
