import type { AnyCommand, ShownText, View } from './command.ts'
import { harmless } from './harmless.ts'
import { toJson } from './json.ts'
import { jsonPieces } from './json-pieces.ts'
import type { Json } from './session.ts'
import { isPlain, type Measure, measureAny, measurePlain } from './width.ts'

/** Text for one line of a table. */
export const oneLine = (text: string) => (/^[\x20-\x7e]*$/.test(text) ? text : harmless(text.replace(/[\r\n\t\u2028\u2029]+/g, ' ')))

/** A text in so many columns, cut or filled up. */
export function pad(text: string, width: number, measure: Measure): string {
  const { width: wide, index } = measure(text, width)
  const cut = index < text.length ? `${text.slice(0, index)}…` : text
  return cut + ' '.repeat(Math.max(0, width - wide - (index < text.length ? 1 : 0)))
}

export interface Column<T> {
  title: string
  value(row: T): string | number | null | undefined
  /** Gives way when the terminal is too narrow. */
  flexible?: boolean
}

/** Rows to look at before the widths are settled; the rest streams. */
const MEASURED = 500

/** A table fitted to a width in columns. Rows may stream; the widths come from the first of them. */
export async function* table<T>(rows: Iterable<T> | AsyncIterable<T>, columns: Column<T>[], view: View): AsyncIterable<string> {
  let widths: number[] | undefined
  let measure = measurePlain
  let held: string[][] = view.header === false ? [] : [columns.map((column) => column.title)]
  const flush = async () => {
    if (measure === measurePlain && !held.every((cells) => cells.every(isPlain))) measure = await measureAny()
    widths ??= fitWidths(held, columns, view.width, measure)
    const lines = held.map(
      (cells) =>
        `${cells
          .map((cell, i) => pad(cell, widths?.[i] ?? 0, measure))
          .join(' ')
          .trimEnd()}\n`,
    )
    held = []
    return lines.join('')
  }
  for await (const row of rows) {
    held.push(columns.map((column) => oneLine(String(column.value(row) ?? ''))))
    if (held.length > MEASURED) yield await flush()
  }
  if (held.length > 0) yield await flush()
}

function fitWidths<T>(rows: string[][], columns: Column<T>[], width: number, measure: Measure): number[] {
  const widths = columns.map((_, i) => Math.max(...rows.map((cells) => measure(cells[i] ?? '', Number.MAX_SAFE_INTEGER).width)))
  const excess = widths.reduce((sum, each) => sum + each + 1, -1) - width
  const at = widestFlexible(widths, columns)
  if (excess > 0 && at >= 0) widths[at] = Math.max(8, (widths[at] ?? 0) - excess)
  return widths
}

function widestFlexible<T>(widths: number[], columns: Column<T>[]): number {
  const flexible = widths.map((width, i) => (columns[i]?.flexible ? width : -1))
  const widest = Math.max(...flexible)
  return widest < 0 ? -1 : flexible.indexOf(widest)
}

export const isStream = (data: unknown): data is AsyncIterable<unknown> =>
  typeof data === 'object' && data !== null && Symbol.asyncIterator in data

async function* each(data: unknown): AsyncIterable<unknown> {
  if (isStream(data) || Array.isArray(data)) yield* data as AsyncIterable<unknown>
  else if (data !== undefined) yield data
}

async function* jsonArray(data: AsyncIterable<unknown>): AsyncIterable<string> {
  let open = false
  for await (const item of data) {
    yield `${open ? ',' : '['}\n  ${toJson(item, 2).replaceAll('\n', '\n  ')}`
    open = true
  }
  yield open ? '\n]\n' : '[]\n'
}

/** A spreadsheet would run a text that begins with =, +, - or @ as a formula: an apostrophe in front keeps it a text. */
const CSV = { escape_formulas: true }

async function* csv(data: unknown, header: boolean, columns?: readonly string[]): AsyncIterable<string> {
  const { stringify } = await import('csv-stringify/sync')
  let names = columns ?? (Array.isArray(data) ? [...new Set(data.flatMap((row) => Object.keys(fieldsIn(row))))] : undefined)
  let begun = !header
  for await (const row of each(data)) {
    const fields = fieldsIn(row)
    names ??= Object.keys(fields)
    if (!begun) yield stringify([names], CSV)
    begun = true
    yield stringify([names.map((name) => csvCell(fields[name]))], CSV)
  }
}

/** The fields of a row; of anything but an object, its value. */
export const fieldsIn = (row: unknown): Json =>
  typeof row === 'object' && row !== null && !Array.isArray(row) ? (row as Json) : { value: row }

const csvCell = (value: unknown) =>
  typeof value === 'object' && value !== null ? toJson(value) : typeof value === 'boolean' ? String(value) : value

async function* plain(data: unknown, format: string, view: View, columns?: readonly string[]): AsyncIterable<string> {
  if (format === 'jsonl') for await (const row of each(data)) yield `${toJson(row)}\n`
  else if (format === 'csv') yield* csv(data, view.header !== false, columns)
  else if (isStream(data)) yield* jsonArray(data)
  else if (data !== undefined) {
    yield* jsonPieces(data)
    yield '\n'
  }
}

async function* only(text: string): AsyncIterable<string> {
  yield text
}

/** The formats that no command prints by itself. */
export const isPlainFormat = (format: string) => format === 'json' || format === 'jsonl' || format === 'csv'

/** A command's data as text in the format asked for. */
export async function render(
  command: Pick<AnyCommand, 'print' | 'columns'>,
  data: unknown,
  format: string,
  view: View,
): Promise<ShownText> {
  if (isPlainFormat(format) || !command.print) return plain(data, format, view, command.columns)
  const text = await command.print(data, view, format)
  return typeof text === 'string' ? only(text) : text
}
