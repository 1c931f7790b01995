import { measureAny } from 'ainative-code'

const COLUMNS = 60

/** A title for a conversation: the first sentence of its first message, cut at a word where it is too wide. */
export async function titleOf(message: string): Promise<string> {
  const [line = ''] = message.trim().split(/[\r\n]+/, 1)
  const text = line
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  // Most are short; Intl takes a while to load.
  if (text.length <= COLUMNS && /^[\x20-\x7e]+$/.test(text) && !/[.!?] /.test(text)) return text
  return (await cut(firstSentence(text))) || 'New chat'
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

async function cut(text: string): Promise<string> {
  const measure = await measureAny()
  const fits = (part: string, columns: number) => measure(part, columns).index === part.length
  if (fits(text, COLUMNS)) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    if (!fits(kept + segment, COLUMNS - 1)) break
    kept += segment
  }
  const space = kept.lastIndexOf(' ')
  return `${(text[kept.length] === ' ' || space < 1 ? kept : kept.slice(0, space)).trimEnd()}…`
}
