import { measureAny, oneLine } from 'ainative-code'

const COLUMNS = 60

/** A title for a conversation: the first sentence of its first message, cut at a word where it is too wide. */
export async function titleOf(message: string): Promise<string> {
  const line = oneLine(message.trim().split(/[\r\n]+/, 1)[0] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
  // Most are short; Intl takes a while to load.
  if (line.length <= COLUMNS && /^[\x20-\x7e]+$/.test(line) && !/[.!?] /.test(line)) return line
  const [{ segment = '' } = {}] = new Intl.Segmenter('en', { granularity: 'sentence' }).segment(line)
  return (await cut(segment.trim())) || 'New chat'
}

async function cut(text: string): Promise<string> {
  const measure = await measureAny()
  const widthOf = (part: string) => measure(part, Number.MAX_SAFE_INTEGER).width
  if (widthOf(text) <= COLUMNS) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    if (widthOf(kept + segment) >= COLUMNS) break
    kept += segment
  }
  const space = kept.lastIndexOf(' ')
  return `${(text[kept.length] === ' ' || space < 1 ? kept : kept.slice(0, space)).trimEnd()}…`
}
