import { type Candidate, measureAny, oneLine, table } from 'ainative-code'

const SHOWN = 100

/** Candidates as lines: with what is told of them, or in columns where there is nothing to tell. */
export async function listing(candidates: Candidate[], from: number, width = process.stdout.columns || 80): Promise<string> {
  const shown = candidates.slice(0, SHOWN).map(({ value, about }) => ({ value: oneLine(value.slice(from)), about }))
  const lines = shown.some(({ about }) => about)
    ? await described(shown, width)
    : await inColumns(
        shown.map(({ value }) => value),
        width,
      )
  const more = candidates.length - shown.length
  return `${lines.join('\n')}\n${more > 0 ? `… and ${more} more\n` : ''}`
}

async function described(candidates: Candidate[], width: number): Promise<string[]> {
  const columns = [
    { title: '', value: ({ value }: Candidate) => value },
    { title: '', value: ({ about }: Candidate) => about, flexible: true },
  ]
  let text = ''
  for await (const chunk of table(candidates, columns, { width, color: false, interactive: true })) text += chunk
  return text.trimEnd().split('\n').slice(1)
}

/** Texts side by side, read downwards as ls has them. */
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
