import type { Query, Term } from './query.ts'

/** The characters that the FTS5 tokenizer `ascii` treats as part of a word. */
const LETTER = 'a-z0-9\\x80-\\uffff'
const OTHER = new RegExp(`[^${LETTER}]`, 'g')

/** Builds the pattern of a term in a text that `prepare` returned. */
export function patternOf({ words, prefix }: Term): RegExp {
  const between = `[^${LETTER}]+`
  const text = words.map((word) => word.replace(OTHER, '\\$&')).join(between)
  return new RegExp(`(?<![${LETTER}])${text}${prefix ? '' : `(?![${LETTER}])`}`, 'g')
}

/** Counts the occurrences of each group of a query in a prepared text; undefined if a group does not occur, or if an excluded term occurs. */
export type CountMatches = (prepared: string) => number[] | undefined

/** Creates the counter of a query. */
export function matchCounter({ all, none }: Pick<Query, 'all' | 'none'>): CountMatches {
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

/** The count at which counting stops: more occurrences do not change the rank. */
const ENOUGH = 50

function occurrences(text: string, pattern: RegExp): number {
  let count = 0
  pattern.lastIndex = 0
  while (count < ENOUGH && pattern.exec(text)) count++
  return count
}
