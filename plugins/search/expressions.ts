import { once } from 'ainative-code'

/** Signs that nobody sees, such as soft hyphens and joiners: within a word they are left out. */
export const UNSEEN = String.raw`\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f`

/** Classes of characters, as they stand between the brackets of an expression; a class without characters matches nothing. */
interface Classes {
  letters: string
  upper: string
  lower: string
  numbers: string
  marks: string
  /** Private use, where fonts have their icons. */
  others: string
  unseen: string
  /** Scripts that are written without spaces. */
  unspaced: string
  /** An expression of its own. */
  picture: string
  flags: string
}

const ANY: Classes = {
  letters: String.raw`\p{L}`,
  upper: String.raw`\p{Lu}`,
  lower: String.raw`\p{Ll}`,
  numbers: String.raw`\p{N}`,
  marks: String.raw`\p{M}`,
  others: String.raw`\p{Co}`,
  unseen: UNSEEN,
  unspaced: String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30fc\u3005\u3006\uff70\uff9e\uff9f`,
  picture: String.raw`\p{Extended_Pictographic}|\p{RI}\p{RI}`,
  flags: 'u',
}

const ASCII: Classes = {
  letters: 'A-Za-z',
  upper: 'A-Z',
  lower: 'a-z',
  numbers: '0-9',
  marks: '',
  others: '',
  unseen: '',
  unspaced: '',
  picture: '[]',
  flags: '',
}

export interface Expressions {
  /** Versions and decimal numbers, also within `python3.11`; runs of scripts that are written without spaces; words; pictures. */
  token: RegExp
  /** Where one part of an identifier ends and the next begins. */
  border: RegExp
}

function expressionsOf({ letters, upper, lower, numbers, marks, others, unseen, unspaced, picture, flags }: Classes): Expressions {
  const spaced = `(?![${unspaced}])[${letters}]`
  const letter = `(?![${unspaced}])[${letters}${numbers}${others}]`
  const further = String.raw`(?![${unspaced}\u20e3])[${letters}${numbers}${marks}${others}${unseen}]`
  /** Of `C++`, `C#` and `C++17`. */
  const sign = String.raw`(?:\+\+|#)(?![${letters}${numbers}])|(?<=(?<![${letters}${numbers}])[A-Za-z])(?:\+\+|#)(?=\d)`
  const token = [
    String.raw`(?<number>(?<![${numbers}.])(?<!${spaced})[vV]?[0-9]+(?:\.[0-9]+)+(?![${numbers}]|${spaced}))`,
    String.raw`(?<mixed>(?<![${letters}${numbers}.])[A-Za-z]*[0-9]+(?:\.[0-9]+)+[A-Za-z0-9]*)`,
    `(?<run>[${unspaced}][${unspaced}${marks}]*)`,
    `(?<word>${letter}(?:${further})*(?:${sign})?)`,
    `(?<picture>${picture})`,
  ]
  const border = `(?<=[${lower}${numbers}])(?=[${upper}])|(?<=[${upper}])(?=[${upper}][${lower}])`
  return { token: new RegExp(token.join('|'), `g${flags}`), border: new RegExp(border, flags) }
}

/** Expressions with Unicode properties take several milliseconds to compile, so ASCII text, such as most words of a query, has its own. */
const ofAny = once(() => expressionsOf(ANY))
const ofAscii = once(() => expressionsOf(ASCII))
export const expressionsFor = (text: string) => (/[^\0-\x7f]/.test(text) ? ofAny() : ofAscii())
