import { fold } from '../search/index.ts'

/** The different words of a query, folded. */
export const wordsOf = (query: string) => [...new Set(fold(query).split(/\s+/).filter(Boolean))]
