/** Describes a value for a message, such as `a list` or `"text"`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Returns the error of a function with an invalid result. */
export const unexpectedResult = (expected: string, value: unknown) => new Error(`returned ${describeValue(value)}, expected ${expected}`)
