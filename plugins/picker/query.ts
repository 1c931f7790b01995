/** The maximum length of a query, in UTF-16 code units. */
const MAX_LENGTH = 500

/** Cuts a query to the maximum length. */
export const shortQuery = (query: string) => query.slice(0, MAX_LENGTH)

/** The part of a query that a key erases, at its end. */
export type Part = 'character' | 'word' | 'all'

/** Removes the last part of a query. */
export function erase(query: string, part: Part): string {
  if (part === 'all') return ''
  return part === 'word' ? query.replace(/\S*\s*$/, '') : Array.from(query).slice(0, -1).join('')
}
