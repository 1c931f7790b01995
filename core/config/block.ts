/** The kind of a value that is not keys and values, for a message. */
export const kindOf = (value: unknown) => (Array.isArray(value) ? 'a list' : value === null ? 'nothing' : `a ${typeof value}`)

/** Whether a value of the config is keys and values; what a code config holds may be of any class. */
export function isBlock(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
