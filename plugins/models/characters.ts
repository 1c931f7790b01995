import type { ChatChunk } from 'ainative-code'

/** A text, and the half of a surrogate pair that it ends with. */
const splitEnd = (text: string): [string, string] => (/[\ud800-\udbff]$/.test(text) ? [text.slice(0, -1), text.slice(-1)] : [text, ''])

/** The same chunks, none of which ends within a character: JSON may split a surrogate pair. */
export async function* wholeCharacters(chunks: AsyncIterable<ChatChunk>): AsyncIterable<ChatChunk> {
  const rest = { text: '', reasoning: '' }
  for await (const chunk of chunks) {
    const whole = { ...chunk }
    for (const key of ['text', 'reasoning'] as const) {
      if (chunk[key]) [whole[key], rest[key]] = splitEnd(rest[key] + chunk[key])
    }
    yield whole
  }
  if (rest.text || rest.reasoning) yield rest
}
