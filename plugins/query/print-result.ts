import { createPace, escapeControls, type Json, jsonColors, jsonPieces, table, toJson, type View } from 'ainative-code'

const isFlat = (value: unknown): value is Json =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((field) => typeof field !== 'object' || field === null)

/** Prints a result as a table for --format table, and for an array of flat objects on a terminal; else as JSON. */
export async function* printResult(data: unknown, view: View, format: string): AsyncIterable<string> {
  if (data === undefined) return
  const isTable = format === 'table'
  const rows = Array.isArray(data) ? data : [data]
  const shape = isTable || (view.interactive && Array.isArray(data)) ? await shapeOf(rows) : undefined
  if (!shape || !(isTable || shape.flat)) yield* printJson(data, view)
  else yield* table(rows, columnsOf(shape), view)
}

interface Shape {
  /** True if every row is an object without nested objects. */
  flat: boolean
  /** The width of the widest value of each field among the first rows. */
  widths: Map<string, number>
}

const MEASURED_ROWS = 500
const YIELD_MS = 25

async function shapeOf(rows: unknown[]): Promise<Shape> {
  const widths = new Map<string, number>()
  const pause = createPace(YIELD_MS)
  let flat = rows.length > 0
  for (const [i, row] of rows.entries()) {
    flat &&= isFlat(row)
    for (const [name, value] of Object.entries(fieldsOf(row))) {
      const width = i < MEASURED_ROWS ? String(value ?? '').length : 0
      widths.set(name, Math.max(width, widths.get(name) ?? 0))
    }
    await pause()
  }
  return { flat, widths }
}

const fieldsOf = (row: unknown): Json => (typeof row === 'object' && row !== null && !Array.isArray(row) ? (row as Json) : { value: row })

/** Creates one column per field; the widest column shrinks on a narrow terminal. */
function columnsOf({ widths }: Shape) {
  const longest = Math.max(...widths.values())
  const flexible = [...widths.keys()].find((name) => widths.get(name) === longest)
  return [...widths.keys()].map((name) => ({
    title: escapeControls(name.toUpperCase()),
    value: (row: unknown) => cell(fieldsOf(row)[name]),
    flexible: name === flexible,
  }))
}

const cell = (value: unknown) => (value === undefined || value === null ? '' : typeof value === 'object' ? toJson(value) : String(value))

async function* printJson(data: unknown, { interactive, color }: View): AsyncIterable<string> {
  // A single scalar value needs no color.
  const paint = color && typeof data === 'object' ? (await jsonColors()).jsonPainter() : (piece: string) => piece
  let last = ''
  for (const piece of jsonPieces(data)) {
    if (last) yield last
    last = paint(interactive ? escapeControls(piece) : piece)
  }
  yield last + paint('\n')
}
