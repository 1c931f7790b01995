import { withoutMarks } from './common-characters.ts'

/** True for a text without characters beyond ASCII. */
export const isAscii = (text: string) => !/[^\0-\x7f]/.test(text)

/** Normalizes a word for comparison: compatibility forms and case are equal, and marks on Latin, Greek and Cyrillic letters are removed. */
export function fold(word: string): string {
  if (isAscii(word)) return word.toLowerCase()
  // A search for `e` also finds `é`. In other scripts, marks are kept, because a mark makes another word.
  const bare = withoutMarks(word.normalize('NFKD')).normalize('NFC')
  // toUpperCase() converts `ß` to `SS`. toLowerCase() converts a final sigma to `ς`.
  return withoutMarks(bare.toUpperCase().toLowerCase()).replaceAll('ς', 'σ')
}
