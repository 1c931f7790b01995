import { createPace, harmless, type Json, jsonColors, jsonPieces, table, toJson, type View } from 'ainative-code'

const isFlat = (value: unknown): value is Json =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((field) => typeof field !== 'object' || field === null)

/** A table where asked for, and on a terminal for an array of flat objects; else JSON, in colours where they are wanted. */
export async function* printResult(data: unknown, view: View, format: string): AsyncIterable<string> {
  if (data === undefined) return
  const asked = format === 'table'
  const rows = Array.isArray(data) ? data : [data]
  const shape = asked || (view.interactive && Array.isArray(data)) ? await shapeOf(rows) : undefined
  if (!shape || !(asked || shape.flat)) yield* printJson(data, view)
  else yield* table(rows, columnsOf(shape), view)
}

interface Shape {
  /** Whether every row is an object without objects within it. */
  flat: boolean
  /** The widest value of each name among the first rows. */
  widths: Map<string, number>
}

const MEASURED = 500
const YIELD_MS = 25

async function shapeOf(rows: unknown[]): Promise<Shape> {
  const widths = new Map<string, number>()
  const pause = createPace(YIELD_MS)
  let flat = rows.length > 0
  for (const [i, row] of rows.entries()) {
    flat &&= isFlat(row)
    for (const [name, value] of Object.entries(fieldsOf(row))) {
      const width = i < MEASURED ? String(value ?? '').length : 0
      widths.set(name, Math.max(width, widths.get(name) ?? 0))
    }
    await pause()
  }
  return { flat, widths }
}

const fieldsOf = (row: unknown): Json => (typeof row === 'object' && row !== null && !Array.isArray(row) ? (row as Json) : { value: row })

/** A column for each name, of which the widest gives way on a narrow terminal. */
function columnsOf({ widths }: Shape) {
  const longest = Math.max(...widths.values())
  const flexible = [...widths.keys()].find((name) => widths.get(name) === longest)
  return [...widths.keys()].map((name) => ({
    title: harmless(name.toUpperCase()),
    value: (row: unknown) => cell(fieldsOf(row)[name]),
    flexible: name === flexible,
  }))
}

const cell = (value: unknown) => (value === undefined || value === null ? '' : typeof value === 'object' ? toJson(value) : String(value))

async function* printJson(data: unknown, { interactive, color }: View): AsyncIterable<string> {
  // A lone value is plain enough.
  const paint = color && typeof data === 'object' ? (await jsonColors()).jsonPainter() : (piece: string) => piece
  let last = ''
  for (const piece of jsonPieces(data)) {
    if (last) yield last
    last = paint(interactive ? harmless(piece) : piece)
  }
  yield last + paint('\n')
}
