import type { Query, Term } from './query.ts'

/** What FTS5's tokenizer `ascii` takes for a part of a word. */
const LETTER = 'a-z0-9\\x80-\\uffff'

/** Finds a term in a text that `prepare` has made. */
export function patternOf({ words, prefix }: Term): RegExp {
  const between = `[^${LETTER}]+`
  const text = words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, '\\$&')).join(between)
  return new RegExp(`(?<![${LETTER}])${text}${prefix ? '' : `(?![${LETTER}])`}`, 'g')
}

/** How often each group of a query stands in a prepared text, or undefined where one does not, or where a term to leave out does. */
export type Count = (prepared: string) => number[] | undefined

export function counterOf({ all, none }: Pick<Query, 'all' | 'none'>): Count {
  const groups = all.map((terms) => terms.map(patternOf))
  const others = none.map(patternOf)
  return (prepared) => {
    if (others.some((pattern) => prepared.search(pattern) >= 0)) return undefined
    const counts: number[] = []
    for (const patterns of groups) {
      const count = patterns.reduce((sum, pattern) => sum + occurrences(prepared, pattern), 0)
      if (count === 0) return undefined
      counts.push(count)
    }
    return counts
  }
}

/** More make no difference to a rank. */
const ENOUGH = 50

function occurrences(text: string, pattern: RegExp): number {
  let count = 0
  pattern.lastIndex = 0
  while (count < ENOUGH && pattern.exec(text)) count++
  return count
}

/** A query in FTS5's syntax. Since the index has no places, a phrase stands for all of its words; `exact` tells whether there is none. */
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
