/** A longer query is cut. */
const LONGEST = 500

export const shortQuery = (query: string) => query.slice(0, LONGEST)

export type Part = 'character' | 'word' | 'all'

/** A query without its last part. */
export function erased(query: string, part: Part): string {
  if (part === 'all') return ''
  return part === 'word' ? query.replace(/\S*\s*$/, '') : Array.from(query).slice(0, -1).join('')
}
