import { ExactNumber } from 'ainative-code'

/** Copies a JSON value, and applies `change` to each text in it, including the names of fields. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  const copy = (each: unknown): unknown => {
    if (typeof each === 'string') return change(each)
    if (Array.isArray(each)) return each.map(copy)
    if (typeof each !== 'object' || each === null || each instanceof ExactNumber) return each
    // Object.fromEntries() also defines the key `__proto__`.
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [change(name), copy(inner)]))
  }
  return copy(value) as T
}

/** Returns all texts of a JSON value, including the names of fields. */
export function textsOf(value: unknown): string[] {
  const texts: string[] = []
  mapTexts(value, (text) => {
    texts.push(text)
    return text
  })
  return texts
}
