/** What a message holds beside its content: what tools were asked and what they answered, and the reasoning. */
export function partText(parts: unknown): string {
  const words: string[] = []
  if (Array.isArray(parts)) for (const part of parts) if (isOfOwnText(part)) collect(part, words)
  return words.join('\n')
}

/** The text of a part `text` is the content; the data of files are no words. */
const isOfOwnText = (part: unknown) => !['text', 'file'].includes(String((part as { type?: unknown } | null)?.type))

/** Keys whose texts are the same everywhere, or random. */
const NAMES_ONLY = new Set(['type', 'id', 'signature', 'data', 'encrypted_content'])

function collect(value: unknown, words: string[]): void {
  if (typeof value === 'string') words.push(value)
  else if (Array.isArray(value)) for (const each of value) collect(each, words)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) if (!NAMES_ONLY.has(key)) collect(each, words)
  }
}
