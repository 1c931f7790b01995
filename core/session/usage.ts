import type { Cost, Usage } from '../contract/usage.ts'
import { ExactNumber } from './exact-number.ts'

/** The keys of a Usage. */
export const USAGE_KEYS = ['input', 'output', 'cached', 'cache_write', 'cache_write_1h', 'reasoning', 'web_searches'] as const

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0

/** True for an object whose fields are only valid counts. */
export function isUsage(value: unknown): value is Usage {
  if (!isObject(value)) return false
  const entries = Object.entries(value)
  return entries.length > 0 && entries.every(([key, count]) => (USAGE_KEYS as readonly string[]).includes(key) && isCount(count))
}

/** Returns the known counts of any object; undefined if it has none. */
export function knownUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined
  const counts = USAGE_KEYS.filter((key) => Object.hasOwn(value, key) && isCount(value[key])).map((key) => [key, value[key]])
  return counts.length > 0 ? Object.fromEntries(counts) : undefined
}

/** True for an object that is a valid Cost. */
export function isCost(value: unknown): value is Cost {
  if (!isObject(value) || Object.keys(value).length !== 3) return false
  const { amount, currency, source } = value
  const isNumber = typeof amount === 'number' || amount instanceof ExactNumber
  const isAmount = isNumber && Number.isFinite(Number(String(amount))) && Number(amount) >= 0
  return isAmount && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) && (source === 'reported' || source === 'computed')
}
