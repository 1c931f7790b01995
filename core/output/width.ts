/** Measures a text: its width in columns up to a limit, and the index to cut it at so that an ellipsis fits. */
export type Measure = (text: string, limit: number) => { width: number; index: number }

/**
 * Characters of a known width: one column for ASCII, Latin, Greek and Cyrillic letters, dashes and quotation marks, two for a few emoji, kana,
 * Han and Hangul (from U+26A1).
 */
const PLAIN_CHARACTER = String.raw`[\x20-\x7e\xa1-\xac\xae-\u024f\u0370-\u0482\u048a-\u052f\u2010-\u2027\u26a1\u2705\u2728\u274c\u3001-\u3029\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uac00-\ud7a3]`
/** Frequent emoji of two columns, as two units of UTF-16. In a plain text, no mark or joiner follows that would change them. */
const PLAIN_EMOJI = String.raw`\ud83d[\udc00-\udc3e\udc42-\udcfc\udd00-\udd3d\ude00-\ude4f\ude80-\udec5]|\ud83e[\udd47-\uddaf\uddb4-\uddff]`
const PLAIN = new RegExp(`^(?:${PLAIN_CHARACTER}|${PLAIN_EMOJI})*$`)

/** True for a text of which every character has a known width. */
export const isPlain = (text: string) => PLAIN.test(text)

const plainWidth = (text: string, at: number) => (text.charCodeAt(at) >= 0x26a1 ? 2 : 1)
const isSecondUnit = (text: string, at: number) => (text.charCodeAt(at) & 0xfc00) === 0xdc00

/** Measures plain text without the tables of Unicode. */
export const measurePlain: Measure = (text, limit) => {
  const ruler = createWidthCounter(limit)
  for (let i = 0; i < text.length; i++) if (!isSecondUnit(text, i) && ruler.isFull(plainWidth(text, i), i)) return ruler.cut()
  return { width: ruler.width(), index: text.length }
}

/** Adds up widths, and keeps the last index that leaves a column for an ellipsis. */
function createWidthCounter(limit: number) {
  let width = 0
  let cut = { width: 0, index: 0 }
  return {
    width: () => width,
    cut: () => cut,
    /** Adds the width of the element at an index. Returns true if the limit is exceeded. */
    isFull(added: number, index: number): boolean {
      if (width < limit) cut = { width, index }
      width += added
      return width > limit
    },
  }
}

/** Cuts a text to a width in columns, with an ellipsis. */
export async function shorten(text: string, columns: number): Promise<string> {
  const measure = isPlain(text) ? measurePlain : await measureAny()
  const { index } = measure(text, columns)
  return index < text.length ? `${text.slice(0, index)}…` : text
}

/**
 * Returns a function that measures any text. Terminals differ in emoji sequences; the widths are those of terminals that show a sequence as
 * one character.
 */
export async function measureAny(): Promise<Measure> {
  const { eastAsianWidth } = await import('get-east-asian-width')
  const [zero, elements] = [new RegExp(`^${INVISIBLE}$`, 'u'), new RegExp(ELEMENT, 'gsu')]
  const widthOf = (element: string) => {
    let width = 0
    for (const character of element) if (!zero.test(character)) width += eastAsianWidth(character.codePointAt(0) ?? 0)
    return width
  }
  return (text, limit) => {
    const ruler = createWidthCounter(limit)
    for (const { 0: element, 1: plain, 2: emoji, index } of text.matchAll(elements)) {
      if (plain === undefined) {
        if (ruler.isFull(emoji === undefined ? widthOf(element) : 2, index)) return ruler.cut()
        continue
      }
      for (let i = 0; i < plain.length; i++) if (ruler.isFull(plainWidth(plain, i), index + i)) return ruler.cut()
    }
    return { width: ruler.width(), index: text.length }
  }
}

/** Marks and invisible characters without a width. The soft hyphen and a few signs before numbers have a width. */
const INVISIBLE = String.raw`(?![\xad\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]`

const SKIN = String.raw`(?<=\p{Emoji_Modifier_Base})\p{Emoji_Modifier}`
const STYLED = String.raw`\p{Extended_Pictographic}(?:\ufe0f|${SKIN})`
const JOINED = String.raw`\u200d\p{Extended_Pictographic}(?:\ufe0f|${SKIN})?`
/** An emoji sequence: a flag, a keycap, or a pictograph with the emoji style, a skin tone or a joined pictograph. */
const EMOJI = String.raw`\p{RI}{2}|[\d#*]\ufe0f\u20e3|${STYLED}(?:${JOINED})*|\p{Extended_Pictographic}(?:${JOINED})+`
/**
 * The source of an expression for a run of plain text, an emoji sequence, or a character with its marks. Not compiled when the file
 * loads, because an expression with Unicode properties takes up to 2 ms to compile.
 */
const ELEMENT = `(${PLAIN_CHARACTER}+(?=${PLAIN_CHARACTER}|$))|(${EMOJI})|.(?:${INVISIBLE}|\\p{Mc})*`
