import type { ChatChunk } from 'ainative-code'

const splitOf = (text: string): [string, string] => (/[\ud800-\udbff]$/.test(text) ? [text.slice(0, -1), text.slice(-1)] : [text, ''])

/** The same chunks, but none ends within a character, which JSON may part in two. */
export async function* wholeCharacters(chunks: AsyncIterable<ChatChunk>): AsyncIterable<ChatChunk> {
  const held = { text: '', reasoning: '' }
  for await (const chunk of chunks) {
    const whole = { ...chunk }
    for (const key of ['text', 'reasoning'] as const) {
      if (chunk[key]) [whole[key], held[key]] = splitOf(held[key] + chunk[key])
    }
    yield whole
  }
  if (held.text || held.reasoning) yield held
}
