/** One row of the result. */
export interface Row {
  what: string
  ours: string
  reference: string
  ratio?: number
  /** The maximum of `value`; absent if the row has no limit. */
  budget?: number
  unit?: 'MB' | 'ms' | 'trips'
  /** The ratio, or the number in `unit`. */
  value: number
}

const time = (ms: number) => (ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`)
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`

/** Creates the row of a ratio of two times in milliseconds. */
export const ratioRow = (what: string, ours: number, reference: number, budget?: number): Row => ({
  what,
  ours: time(ours),
  reference: time(reference),
  ratio: ours / reference,
  value: ours / reference,
  budget,
})

/** Creates the row of a peak memory. `budget` is in MB. */
export const peakRow = (what: string, bytes: number, budget: number, reference?: number): Row => ({
  what,
  ours: megabytes(bytes),
  reference: reference === undefined ? '' : megabytes(reference),
  value: bytes / 1e6,
  budget,
  unit: 'MB',
})

/** Creates the row of a time. `budget` is in milliseconds. */
export const timeRow = (what: string, ms: number, budget: number, reference?: number): Row => ({
  what,
  ours: time(ms),
  reference: reference === undefined ? '' : time(reference),
  value: ms,
  budget,
  unit: 'ms',
})

const verdict = ({ value, budget }: Row) => (budget === undefined ? '' : value <= budget ? 'ok' : '**over**')

/** Formats rows as a Markdown table. */
export function markdown(rows: Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    row.ours,
    row.reference,
    row.ratio?.toFixed(2) ?? '',
    row.budget === undefined ? '' : row.unit ? `${row.budget} ${row.unit}` : row.budget.toFixed(1),
    verdict(row),
  ])
  const titles = ['What', 'Ours', 'Reference', 'Ratio', 'Budget', '']
  const widths = titles.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0)))
  const line = (texts: string[]) => `| ${texts.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |\n`
  return line(titles) + line(widths.map((width) => '-'.repeat(width))) + cells.map(line).join('')
}
