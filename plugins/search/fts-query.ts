import type { Query, Term } from './query.ts'

/**
 * Converts a query to the syntax of FTS5. The index has no positions, so a phrase becomes the conjunction of its words; `exact` is true if
 * the query contains no phrase.
 */
export function toFts({ all, none }: Pick<Query, 'all' | 'none'>): { fts: string; exact: boolean } {
  const groups = all.map((terms) => `(${terms.map(termFts).join(' OR ')})`)
  const without = none.filter(isWord)
  const terms = [...all.flat(), ...none]
  return { fts: [groups.join(' AND '), ...without.map(termFts)].join(' NOT '), exact: terms.every(isWord) }
}

const isWord = ({ words }: Term) => words.length === 1

function termFts({ words, prefix }: Term): string {
  const quoted = words.map((word) => `"${word}"`)
  return `(${quoted.join(' AND ')}${prefix ? '*' : ''})`
}
