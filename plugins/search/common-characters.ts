import { once } from 'ainative-code'

/** Character classes of frequent characters, without the brackets. A class of code points compiles many times faster than `\p{…}`. */
export const COMMON = {
  /** Letters of Latin-1, then Greek and Cyrillic. */
  upper: String.raw`A-Z\xc0-\xd6\xd8-\xde\u0391-\u03a1\u03a3-\u03ab\u0400-\u042f`,
  lower: String.raw`a-z\xb5\xdf-\xf6\xf8-\xff\u03ac-\u03ce\u0430-\u045f`,
  numbers: String.raw`0-9\xb2\xb3\xb9\xbc-\xbe`,
  /** Kana, Han and Hangul. */
  unspaced: String.raw`\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3`,
  pictographs: String.raw`\xa9\xae\u{1f300}-\u{1f320}\u{1f337}-\u{1f37c}\u{1f380}-\u{1f393}\u{1f3a0}-\u{1f3c4}\u{1f400}-\u{1f43e}\u{1f442}-\u{1f4f7}\u{1f500}-\u{1f53d}\u{1f600}-\u{1f64f}\u{1f680}-\u{1f6c5}`,
}

/** Signs and spaces, which do not belong to words. */
const SIGNS = String.raw`\0-\x7f\xa0-\xa9\xab\xac\xae-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7\u2010-\u2027\u20ac\u3001-\u3003\u3008-\u3011\u30fb\uff01-\uff0f\uff1a-\uff1f`

/** The combining marks that NFKD separates from letters, with the marks of kana at the end. */
const MARKS = String.raw`\u0300-\u036f\u3099\u309a`
/** The marks, and the letters into which NFKD splits Hangul. */
const DECOMPOSED = String.raw`${MARKS}\u1100-\u1112\u1161-\u1175\u11a8-\u11c2`

const textOf = (...classes: string[]) => once(() => new RegExp(`^[${SIGNS}${Object.values(COMMON).join('')}${classes.join('')}]*$`, 'u'))
const commonText = textOf()
const decomposedText = textOf(DECOMPOSED)

/** True for a text of characters that are ASCII, in `COMMON`, or frequent signs. */
export const isCommon = (text: string) => commonText().test(text)

const commonMarked = once(() => new RegExp(`([${COMMON.upper}${COMMON.lower}])[${MARKS}]+`, 'g'))
const marked = once(() => /([\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}])\p{M}+/gu)

/** Removes the marks of Latin, Greek and Cyrillic letters from a text in NFKD. */
export const withoutMarks = (text: string) => text.replace(decomposedText().test(text) ? commonMarked() : marked(), '$1')
