import { once } from 'ainative-code'
import { COMMON, isCommon } from './common-characters.ts'
import { isAscii } from './fold.ts'

/** Invisible characters, such as soft hyphens and joiners, which are removed from words. */
export const INVISIBLE = String.raw`\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f`

/** Character classes, without the brackets, from which the patterns are built. An empty class matches nothing. */
interface Classes {
  letters: string
  upper: string
  lower: string
  numbers: string
  marks: string
  /** Private-use characters, which icon fonts use. */
  others: string
  invisible: string
  /** Characters of scripts without spaces between words. */
  unspaced: string
  /** An expression, not a class. */
  pictograph: string
  flags: string
}

const ANY: Classes = {
  letters: String.raw`\p{L}`,
  upper: String.raw`\p{Lu}`,
  lower: String.raw`\p{Ll}`,
  numbers: String.raw`\p{N}`,
  marks: String.raw`\p{M}`,
  others: String.raw`\p{Co}`,
  invisible: INVISIBLE,
  unspaced: String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30fc\u3005\u3006\uff70\uff9e\uff9f`,
  pictograph: String.raw`\p{Extended_Pictographic}|\p{RI}\p{RI}`,
  flags: 'u',
}

const ASCII: Classes = {
  letters: 'A-Za-z',
  upper: 'A-Z',
  lower: 'a-z',
  numbers: '0-9',
  marks: '',
  others: '',
  invisible: '',
  unspaced: '',
  pictograph: '[]',
  flags: '',
}

/** The classes of a text for which `isCommon` is true: it has no marks, private-use or invisible characters. */
const FREQUENT: Classes = {
  ...ASCII,
  ...COMMON,
  letters: COMMON.upper + COMMON.lower + COMMON.unspaced,
  pictograph: `[${COMMON.pictographs}]`,
  flags: 'u',
}

/** The regular expressions of the tokenizer. */
export interface TokenPatterns {
  /** Matches a version or decimal number, also within `python3.11`; a run of a script without spaces; a word; a pictograph. */
  token: RegExp
  /** Matches the empty text between two parts of an identifier, as in `get|User`. */
  border: RegExp
  /** Matches the characters between two words of a folded text. */
  gap: RegExp
}

function compilePatterns({
  letters,
  upper,
  lower,
  numbers,
  marks,
  others,
  invisible,
  unspaced,
  pictograph,
  flags,
}: Classes): TokenPatterns {
  const spaced = `(?![${unspaced}])[${letters}]`
  const letter = `(?![${unspaced}])[${letters}${numbers}${others}]`
  const further = String.raw`(?![${unspaced}\u20e3])[${letters}${numbers}${marks}${others}${invisible}]`
  // The end of `C++` and `C#`, and the middle of `C++17`.
  const sign = String.raw`(?:\+\+|#)(?![${letters}${numbers}])|(?<=(?<![${letters}${numbers}])[A-Za-z])(?:\+\+|#)(?=\d)`
  const token = [
    String.raw`(?<number>(?<![${numbers}.])(?<!${spaced})[vV]?[0-9]+(?:\.[0-9]+)+(?![${numbers}]|${spaced}))`,
    String.raw`(?<mixed>(?<![${letters}${numbers}.])[A-Za-z]*[0-9]+(?:\.[0-9]+)+[A-Za-z0-9]*)`,
    `(?<run>[${unspaced}][${unspaced}${marks}]*)`,
    `(?<word>${letter}(?:${further})*(?:${sign})?)`,
    `(?<pictograph>${pictograph})`,
  ]
  const border = `(?<=[${lower}${numbers}])(?=[${upper}])|(?<=[${upper}])(?=[${upper}][${lower}])`
  const gap = `[^${letters}${numbers}${marks}${others}]+`
  return { token: new RegExp(token.join('|'), `g${flags}`), border: new RegExp(border, flags), gap: new RegExp(gap, flags) }
}

// Patterns with Unicode properties take several milliseconds to compile, so most texts use simpler patterns.
const unicodePatterns = once(() => compilePatterns(ANY))
const frequentPatterns = once(() => compilePatterns(FREQUENT))
const asciiPatterns = once(() => compilePatterns(ASCII))
/** The patterns for a text. */
export const patternsFor = (text: string) => (isAscii(text) ? asciiPatterns() : isCommon(text) ? frequentPatterns() : unicodePatterns())
