import { measureAny } from 'ainative-code'

const COLUMNS = 60
/** Nothing of a title comes from farther behind in its line. */
const MOST_CHARS = 2000

/** A title for a conversation: the first sentence of its first message, cut at a word where it is too wide. */
export async function titleOf(message: string): Promise<string> {
  const text = firstLine(message)
  // Most are short; Intl takes a while to load.
  if (text.length <= COLUMNS && /^[\x20-\x7e]+$/.test(text) && !/[.!?] /.test(text)) return text
  return (await cut(firstSentence(text))) || 'New chat'
}

const FENCE = /^\s*(```[^`]*$|~~~)/
/** What stands before the words of a heading, an item or a quote. */
const MARKS = /^(\s*(#{1,6}|[-*+>]|\d{1,3}[.)])\s+)+/
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** The first line that says something, without Markdown's marks; of code only where there is nothing else. */
function firstLine(message: string): string {
  const lines = message.split(/[\r\n]+/).filter((line) => VISIBLE.test(line))
  let fenced = false
  const said = lines.find((line) => {
    const fence = FENCE.test(line)
    if (fence) fenced = !fenced
    return !fenced && !fence
  })
  const line = said ?? lines.find((each) => !FENCE.test(each)) ?? ''
  const text = line
    .slice(0, MOST_CHARS)
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const bare = text.replace(MARKS, '')
  return VISIBLE.test(bare) ? bare : text
}

/** After these a sentence goes on. */
const SHORT = /(^|[\s(])(Mr|Mrs|Ms|Dr|Prof|St|vs|e\.g|i\.e|cf|No|Fig)\. $/i

function firstSentence(text: string): string {
  let sentence = ''
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text)) {
    sentence += segment
    if (!SHORT.test(sentence)) break
  }
  return sentence.trim()
}

/** Where segments of a text end. */
const endsOf = (text: string, granularity: 'grapheme' | 'word') =>
  [...new Intl.Segmenter('en', { granularity }).segment(text)].map(({ index, segment }) => index + segment.length)

async function cut(text: string): Promise<string> {
  const measure = await measureAny()
  const fits = (end: number, columns: number) => measure(text.slice(0, end), columns).index === end
  if (fits(text.length, COLUMNS)) return text
  const ends = endsOf(text, 'grapheme')
  const room = ends.filter((end) => fits(end, COLUMNS - 1))
  const half = ends.findLast((end) => fits(end, COLUMNS / 2)) ?? 0
  // At a space; else between words that have none; else within a word that is long.
  const words = new Set(endsOf(text, 'word'))
  const end = room.findLast((at) => at > half && text[at] === ' ') ?? room.findLast((at) => at > half && words.has(at)) ?? room.at(-1) ?? 0
  return `${text.slice(0, end).trimEnd()}…`
}
