import type { AnyCommand } from '../contract/host.ts'
import type { Json } from '../contract/session.ts'
import type { ShownText, View } from '../contract/view.ts'
import { toJson } from '../session/json.ts'
import { jsonPieces } from './json-pieces.ts'
import { isRowStream, isStream, rowsOf, toShownText } from './streams.ts'

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

/** Adds an apostrophe before a text that begins with =, +, - or @, which a spreadsheet would run as a formula. */
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

/** Returns the fields of a row. A row that is not an object has one field, `value`. */
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

/** True for a format that is the same for all commands. */
export const isPlainFormat = (format: string) => format === 'json' || format === 'jsonl' || format === 'csv'

/** Formats the data of a command as text. */
export async function render(
  command: Pick<AnyCommand, 'print' | 'columns'>,
  data: unknown,
  format: string,
  view: View,
): Promise<ShownText> {
  if (isPlainFormat(format) || !command.print) {
    const columns = (isRowStream(data) ? data.columns : undefined) ?? command.columns
    return { chunks: plain(rowsOf(data), format, view, columns) }
  }
  return toShownText(await command.print(data, view, format))
}
