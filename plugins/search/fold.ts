const ASCII = /^[\0-\x7f]*$/

/** Normalizes a word for comparison: compatibility forms and case are equal, and marks on Latin, Greek and Cyrillic letters are removed. */
export function fold(word: string): string {
  if (ASCII.test(word)) return word.toLowerCase()
  // A search for `e` also finds `é`. In other scripts a mark changes the word. The expression is inside the function because every start
  // loads this file, and compiling the expression takes 0.5 ms.
  const marked = /([\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}])\p{M}+/gu
  const bare = word.normalize('NFKD').replace(marked, '$1').normalize('NFC')
  // toUpperCase() converts `ß` to `SS`. toLowerCase() converts a final sigma to `ς`.
  return bare.toUpperCase().toLowerCase().replace(marked, '$1').replaceAll('ς', 'σ')
}
