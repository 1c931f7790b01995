import type { ChatChunk } from 'ainative-code'

/** Splits a text before the half of a surrogate pair at its end. */
const splitEnd = (text: string): [string, string] => (/[\ud800-\udbff]$/.test(text) ? [text.slice(0, -1), text.slice(-1)] : [text, ''])

/** Moves text between chunks so that no chunk ends within a character: JSON may split a surrogate pair. */
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
