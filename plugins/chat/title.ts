import { measureAny } from 'ainative-code'

const COLUMNS = 60
/** The maximum number of characters of a line from which a title is made. */
const MOST_CHARS = 2000

/** The title of a conversation: the first sentence of its first message, cut between words if it is too wide. */
export async function titleOf(message: string): Promise<string> {
  const text = firstLine(message)
  // Most titles are short; Intl takes a while to load.
  if (text.length <= COLUMNS && /^[\x20-\x7e]+$/.test(text) && !/[.!?] /.test(text)) return text
  return (await cut(firstSentence(text))) || 'New chat'
}

const FENCE = /^\s*(```[^`]*$|~~~)/
/** Matches the marks of headings, list items and quotes. */
const MARKS = /^(\s*(#{1,6}|[-*+>]|\d{1,3}[.)])\s+)+/
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** The first line with visible text, without Markdown's marks; a line of code only if there is no other text. */
function firstLine(message: string): string {
  const lines = message.split(/[\r\n]+/).filter((line) => VISIBLE.test(line))
  let fenced = false
  const prose = lines.find((line) => {
    const fence = FENCE.test(line)
    if (fence) fenced = !fenced
    return !fenced && !fence
  })
  const line = prose ?? lines.find((each) => !FENCE.test(each)) ?? ''
  const text = line
    .slice(0, MOST_CHARS)
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const bare = text.replace(MARKS, '')
  return VISIBLE.test(bare) ? bare : text
}

/** Abbreviations that do not end a sentence. */
const SHORT = /(^|[\s(])(Mr|Mrs|Ms|Dr|Prof|St|vs|e\.g|i\.e|cf|No|Fig)\. $/i

function firstSentence(text: string): string {
  let sentence = ''
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text)) {
    sentence += segment
    if (!SHORT.test(sentence)) break
  }
  return sentence.trim()
}

/** The ends of a text's segments. */
const endsOf = (text: string, granularity: 'grapheme' | 'word') =>
  [...new Intl.Segmenter('en', { granularity }).segment(text)].map(({ index, segment }) => index + segment.length)

async function cut(text: string): Promise<string> {
  const measure = await measureAny()
  const fits = (end: number, columns: number) => measure(text.slice(0, end), columns).index === end
  if (fits(text.length, COLUMNS)) return text
  const ends = endsOf(text, 'grapheme')
  const room = ends.filter((end) => fits(end, COLUMNS - 1))
  const half = ends.findLast((end) => fits(end, COLUMNS / 2)) ?? 0
  // Cuts at a space, or else between words without spaces, or else within a long word.
  const words = new Set(endsOf(text, 'word'))
  const end = room.findLast((at) => at > half && text[at] === ' ') ?? room.findLast((at) => at > half && words.has(at)) ?? room.at(-1) ?? 0
  return `${text.slice(0, end).trimEnd()}…`
}
