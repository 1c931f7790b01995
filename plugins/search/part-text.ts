/** What a message holds beside its content: what tools were asked and what they answered, and the reasoning. `json` is an array of parts. */
export function partText(json: string | null): string {
  if (json === null) return ''
  const words: string[] = []
  for (const part of partsOf(json)) if (typeof part === 'object' && part !== null) collectPart(part, words)
  return words.join('\n')
}

function partsOf(json: string): unknown[] {
  try {
    const parts = JSON.parse(json)
    return Array.isArray(parts) ? parts : []
  } catch {
    // A damaged page: the message itself tells of it when it is read.
    return []
  }
}

/** The text of a part `text` is the content; the data of files are no words. */
const WITHOUT = new Set(['text', 'file'])
/** Names of kinds and random texts. */
const NOT_READ = new Set(['type', 'id', 'signature', 'data', 'encrypted_content'])

function collectPart(part: object, words: string[]): void {
  if (WITHOUT.has(String((part as { type?: unknown }).type))) return
  for (const [key, value] of Object.entries(part)) if (!NOT_READ.has(key)) collect(value, words)
}

function collect(value: unknown, words: string[]): void {
  if (typeof value === 'string') words.push(value)
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) collect(each, words)
}
