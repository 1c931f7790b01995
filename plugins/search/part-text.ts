/** The searchable text of a message's parts: calls of tools, results of tools and reasoning. `json` is an array of parts. */
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
    // The page is damaged; reading the message reports that.
    return []
  }
}

/** Types of parts without searchable text: a part `text` repeats the content, and a part `file` has binary data. */
const SKIPPED_TYPES = new Set(['text', 'file'])
/** Keys whose values are not searchable text. */
const SKIPPED_KEYS = new Set(['type', 'id', 'signature', 'data', 'encrypted_content'])

function collectPart(part: object, words: string[]): void {
  if (SKIPPED_TYPES.has(String((part as { type?: unknown }).type))) return
  for (const [key, value] of Object.entries(part)) if (!SKIPPED_KEYS.has(key)) collect(value, words)
}

function collect(value: unknown, words: string[]): void {
  if (typeof value === 'string') words.push(value)
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) collect(each, words)
}
