import { type Json, table, type View } from 'ainative-code'

const isFlat = (value: unknown): value is Json =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((field) => typeof field !== 'object' || field === null)

/** A table where asked for; else JSON. */
export async function* printResult(data: unknown, view: View, format: string): AsyncIterable<string> {
  if (data === undefined) return
  const rows = Array.isArray(data) ? data : [data]
  const flat = rows.length > 0 && rows.every(isFlat)
  if (format !== 'table' && !(view.interactive && Array.isArray(data) && flat)) {
    yield `${JSON.stringify(data, null, 2)}\n`
    return
  }
  const keyed = rows.map((row): Json => (typeof row === 'object' && row !== null && !Array.isArray(row) ? row : { value: row }))
  const names = [...new Set(keyed.flatMap((row) => Object.keys(row)))]
  const cell = (value: unknown) =>
    value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  const longest = names.reduce((best, name) => (widest(keyed, name) > widest(keyed, best) ? name : best), names[0] ?? '')
  yield* table(
    keyed,
    names.map((name) => ({ title: name.toUpperCase(), value: (row: Json) => cell(row[name]), flexible: name === longest })),
    view,
  )
}

const widest = (rows: Json[], name: string) => Math.max(0, ...rows.slice(0, 500).map((row) => String(row[name] ?? '').length))
