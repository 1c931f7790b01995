import type { View } from '../contract/view.ts'
import { cutAndFill, oneLine } from './cells.ts'
import { isPlain, type Measure, measureAny, measurePlain } from './width.ts'

/** The style of a cell on a terminal with colors. The command that prints the table has to be `styled`. */
export type CellStyle = 'bold' | 'dim' | 'cyan' | 'green'

/** A column of a table. */
export interface Column<T> {
  title: string
  value(row: T): string | number | null | undefined
  style?(row: T): CellStyle | undefined
  /** True if the column shrinks on a terminal that is too narrow. */
  flexible?: boolean
  /** The order in which columns are dropped on a terminal that is too narrow, the lowest number first. */
  drop?: number
  /** True if a terminal does not show the column when no row has a value. */
  sparse?: boolean
}

/** The number of rows that determine the widths; further rows are streamed. */
const MEASURED = 500
/** The width that a flexible column keeps while other columns can be dropped. */
const ROOM = 16
/** The minimum width of a flexible column. On a terminal the column can be narrower, because a line that is too long is worse. */
const LEAST = 8
const LEAST_ON_TERMINAL = 4

interface Line {
  cells: string[]
  styles?: (CellStyle | undefined)[]
}

/** The indexes of the shown columns, and their widths. */
interface Layout {
  shown: number[]
  widths: number[]
}

/** Formats rows as a table that fits the width of the view. Rows can be a stream; the first of them determine the widths. */
export async function* table<T>(rows: Iterable<T> | AsyncIterable<T>, columns: Column<T>[], view: View): AsyncIterable<string> {
  let layout: Layout | undefined
  let measure = measurePlain
  const isStyled = columns.some(({ style }) => style !== undefined)
  const header: Line = { cells: columns.map(({ title }) => title), ...(isStyled && { styles: columns.map(() => 'bold') }) }
  let held: Line[] = []
  const flush = async () => {
    if (measure === measurePlain && !held.every(({ cells }) => cells.every(isPlain))) measure = await measureAny()
    const first = layout === undefined && view.header !== false ? [header] : []
    layout ??= computeLayout([...first, ...held], held, columns, view, measure)
    const text = [...first, ...held].map((line) => writeLine(line, layout as Layout, view, measure)).join('')
    held = []
    return text
  }
  for await (const row of rows) {
    const cells = columns.map((column) => oneLine(String(column.value(row) ?? '')))
    held.push(view.color && isStyled ? { cells, styles: columns.map((column) => column.style?.(row)) } : { cells })
    if (held.length > MEASURED) yield await flush()
  }
  if (held.length > 0 || layout === undefined) yield await flush()
}

const CODES: Record<CellStyle, [number, number]> = { bold: [1, 22], dim: [2, 22], cyan: [36, 39], green: [32, 39] }

function paint(text: string, style: CellStyle | undefined): string {
  if (style === undefined || text === '') return text
  const [open, close] = CODES[style]
  return `\x1b[${open}m${text}\x1b[${close}m`
}

function writeLine({ cells, styles }: Line, { shown, widths }: Layout, view: View, measure: Measure): string {
  const parts = shown.map((at, i) => {
    const { cut, space } = cutAndFill(cells[at] ?? '', widths[i] ?? 0, measure, view.ascii ? '~' : '…')
    return view.color ? paint(cut, styles?.[at]) + space : cut + space
  })
  return `${parts.join(' ').trimEnd()}\n`
}

function computeLayout<T>(lines: Line[], rows: Line[], columns: Column<T>[], view: View, measure: Measure): Layout {
  const natural = columns.map((_, i) => Math.max(0, ...lines.map(({ cells }) => measure(cells[i] ?? '', Number.MAX_SAFE_INTEGER).width)))
  const isEmpty = (at: number) => view.interactive && columns[at]?.sparse === true && rows.every(({ cells }) => cells[at] === '')
  let shown = columns.map((_, at) => at).filter((at) => !isEmpty(at))
  const least = () =>
    shown.reduce((sum, at) => sum + 1 + (columns[at]?.flexible ? Math.min(ROOM, natural[at] ?? 0) : (natural[at] ?? 0)), -1)
  while (view.interactive && least() > view.width) {
    const next = Math.min(...shown.map((at) => columns[at]?.drop ?? Number.POSITIVE_INFINITY))
    if (next === Number.POSITIVE_INFINITY) break
    shown = shown.filter((at) => columns[at]?.drop !== next)
  }
  return { shown, widths: shrink(shown, natural, columns, view) }
}

/** Shrinks the widest flexible column until the table fits, and returns the widths. */
function shrink<T>(shown: number[], natural: number[], columns: Column<T>[], view: View): number[] {
  const widths = shown.map((at) => natural[at] ?? 0)
  const flexible = shown.flatMap((at, i) => (columns[at]?.flexible ? [i] : []))
  const least = view.interactive ? LEAST_ON_TERMINAL : LEAST
  let excess = widths.reduce((sum, width) => sum + width + 1, -1) - view.width
  while (excess > 0) {
    const widest = Math.max(...flexible.map((i) => widths[i] ?? 0))
    if (widest <= least) break
    const next = Math.max(least, ...flexible.map((i) => widths[i] ?? 0).filter((width) => width < widest))
    const at = flexible.find((i) => widths[i] === widest) ?? 0
    const by = flexible.filter((i) => widths[i] === widest).length > 1 ? 1 : Math.min(excess, widest - next)
    widths[at] = widest - by
    excess -= by
  }
  return widths
}
