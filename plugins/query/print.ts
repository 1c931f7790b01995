import { harmless, type Json, table, toJson, type View } from 'ainative-code'

const isFlat = (value: unknown): value is Json =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((field) => typeof field !== 'object' || field === null)

/** A table where asked for, and on a terminal for an array of flat objects; else JSON, in colours where they are wanted. */
export async function* printResult(data: unknown, view: View, format: string): AsyncIterable<string> {
  if (data === undefined) return
  const rows = Array.isArray(data) ? data : [data]
  const flat = rows.length > 0 && rows.every(isFlat)
  if (format !== 'table' && !(view.interactive && Array.isArray(data) && flat)) {
    yield `${printJson(data, view)}\n`
    return
  }
  const keyed = rows.map((row): Json => (typeof row === 'object' && row !== null && !Array.isArray(row) ? row : { value: row }))
  const names = [...new Set(keyed.flatMap((row) => Object.keys(row)))]
  const cell = (value: unknown) => (value === undefined || value === null ? '' : typeof value === 'object' ? toJson(value) : String(value))
  const longest = names.reduce((best, name) => (widest(keyed, name) > widest(keyed, best) ? name : best), names[0] ?? '')
  yield* table(
    keyed,
    names.map((name) => ({ title: harmless(name.toUpperCase()), value: (row: Json) => cell(row[name]), flexible: name === longest })),
    view,
  )
}

const widest = (rows: Json[], name: string) => Math.max(0, ...rows.slice(0, 500).map((row) => String(row[name] ?? '').length))

function printJson(data: unknown, { interactive, color }: View): string {
  const json = toJson(data, 2)
  const text = interactive ? harmless(json) : json
  // A lone value is plain enough.
  return color && typeof data === 'object' ? text.split('\n').map(coloured).join('\n') : text
}

const paint = (code: number, text: string) => (text ? `\x1b[${code}m${text}\x1b[39m` : '')

/** A line of JSON holds a key, or a value, or both, and what opens, closes or parts. */
function coloured(line: string): string {
  const [, indent = '', key = '', colon = ''] = /^( *)(?:("[^"\\]*(?:\\.[^"\\]*)*")(: ))?/.exec(line) ?? []
  let end = line.length
  while ('[]{},'.includes(line[end - 1] ?? '.')) end--
  const value = line.slice(indent.length + key.length + colon.length, end)
  return `${indent}${paint(36, key)}${colon}${paint(value.startsWith('"') ? 32 : 33, value)}${line.slice(end)}`
}
