/** How many columns a text takes up to a limit, and where it has to be cut to leave one for an ellipsis. */
export type Measure = (text: string, limit: number) => { width: number; index: number }

/** Characters that stand alone and of which each takes one column: ASCII, Latin, Greek and Cyrillic letters. From U+3001 on, two: kana, Han, Hangul. */
const PLAIN =
  /^[\x20-\x7e\xa1-\xac\xae-\u024f\u0370-\u0482\u048a-\u052f\u3001-\u3029\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uac00-\ud7a3]*$/

export const isPlain = (text: string) => PLAIN.test(text)

/** For plain text. The library takes 2 ms to start, which most lists need not pay. */
export const measurePlain: Measure = (text, limit) => {
  let width = 0
  let cut = { width: 0, index: 0 }
  for (let i = 0; i < text.length; i++) {
    if (width < limit) cut = { width, index: i }
    width += text.charCodeAt(i) > 0x3000 ? 2 : 1
    if (width > limit) return cut
  }
  return { width, index: text.length }
}

/** A text of at most so many columns, with an ellipsis where it was cut. */
export async function shorten(text: string, columns: number): Promise<string> {
  const measure = isPlain(text) ? measurePlain : await measureAny()
  const { index } = measure(text, columns)
  return index < text.length ? `${text.slice(0, index)}…` : text
}

/** For any text. */
export async function measureAny(): Promise<Measure> {
  const { default: truncatedWidth } = await import('fast-string-truncated-width')
  return (text, limit) => (isPlain(text) ? measurePlain(text, limit) : truncatedWidth(text, { limit, ellipsis: '…', ellipsisWidth: 1 }))
}
