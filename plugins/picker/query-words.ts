import { fold } from '../search/index.ts'

/** The distinct words of a query, folded for comparison. */
export const wordsOf = (query: string) => [...new Set(fold(query).split(/\s+/).filter(Boolean))]
