/** Text to compare: without case and diacritics. */
export const fold = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()

/** The different words of a query, folded. */
export const wordsOf = (query: string) => [...new Set(fold(query).split(/\s+/).filter(Boolean))]
