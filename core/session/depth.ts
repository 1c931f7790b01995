/** The maximum depth of nested values. */
export const MAX_DEPTH = 500

/** True if a value is nested deeper than MAX_DEPTH. JSON.stringify fails at some thousand levels. */
export function isTooDeep(value: unknown, left = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false
  return left === 0 || Object.values(value).some((each) => isTooDeep(each, left - 1))
}
