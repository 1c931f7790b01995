import { type Candidate, measureAny, oneLine, table } from 'ainative-code'

/** The maximum number of candidates to list. */
const MAX_LISTED = 100

/**
 * Formats candidates as lines: one per line with its description, or in columns if no candidate has a description. `from` is the number of
 * leading characters to omit from each value.
 */
export async function formatCandidates(candidates: Candidate[], from: number, width = process.stdout.columns || 80): Promise<string> {
  const listed = candidates.slice(0, MAX_LISTED).map(({ value, about }) => ({ value: oneLine(value.slice(from)), about }))
  const lines = listed.some(({ about }) => about)
    ? await withDescriptions(listed, width)
    : await inColumns(
        listed.map(({ value }) => value),
        width,
      )
  const more = candidates.length - listed.length
  return `${lines.join('\n')}\n${more > 0 ? `… and ${more} more\n` : ''}`
}

async function withDescriptions(candidates: Candidate[], width: number): Promise<string[]> {
  const columns = [
    { title: '', value: ({ value }: Candidate) => value },
    { title: '', value: ({ about }: Candidate) => about, flexible: true },
  ]
  let text = ''
  for await (const chunk of table(candidates, columns, { width, color: false, interactive: true })) text += chunk
  return text.trimEnd().split('\n').slice(1)
}

/** Arranges texts in columns of `width` in total, sorted downwards as in ls. */
export async function inColumns(texts: string[], width: number): Promise<string[]> {
  const measure = await measureAny()
  const widthOf = (text: string) => measure(text, Number.MAX_SAFE_INTEGER).width
  const cell = Math.max(...texts.map(widthOf)) + 2
  const rows = Math.ceil(texts.length / Math.max(1, Math.floor(width / cell)))
  return Array.from({ length: rows }, (_, row) =>
    texts
      .filter((_, i) => i % rows === row)
      .map((text) => text + ' '.repeat(cell - widthOf(text)))
      .join('')
      .trimEnd(),
  )
}
