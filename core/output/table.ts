import type { View } from '../contract/view.ts'
import { cutAndFill, oneLine } from './output.ts'
import { isPlain, type Measure, measureAny, measurePlain } from './width.ts'

/** How a cell looks on a terminal with colours; the command that prints the table has to be `styled`. */
export type CellStyle = 'bold' | 'dim' | 'cyan' | 'green'

export interface Column<T> {
  title: string
  value(row: T): string | number | null | undefined
  style?(row: T): CellStyle | undefined
  /** Gives way when the terminal is too narrow. */
  flexible?: boolean
  /** A terminal that is too narrow does without this column: those of the lowest number go first. */
  drop?: number
  /** A terminal does without this column where no row has a value. */
  sparse?: boolean
}

/** Rows to look at before the widths are settled; the rest streams. */
const MEASURED = 500
/** Columns that a flexible cell keeps while others can go. */
const ROOM = 16
/** Columns that a flexible cell keeps at least; a line that is too long is worse on a terminal. */
const LEAST = 8
const LEAST_ON_TERMINAL = 4

interface Line {
  cells: string[]
  styles?: (CellStyle | undefined)[]
}

/** Which columns are shown, by index, and the width of each. */
interface Layout {
  shown: number[]
  widths: number[]
}

/** A table fitted to a width in columns. Rows may stream; the widths come from the first of them. */
export async function* table<T>(rows: Iterable<T> | AsyncIterable<T>, columns: Column<T>[], view: View): AsyncIterable<string> {
  let layout: Layout | undefined
  let measure = measurePlain
  const isStyled = columns.some(({ style }) => style !== undefined)
  const header: Line = { cells: columns.map(({ title }) => title), ...(isStyled && { styles: columns.map(() => 'bold') }) }
  let held: Line[] = []
  const flush = async () => {
    if (measure === measurePlain && !held.every(({ cells }) => cells.every(isPlain))) measure = await measureAny()
    const first = layout === undefined && view.header !== false ? [header] : []
    layout ??= layOut([...first, ...held], held, columns, view, measure)
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

function layOut<T>(lines: Line[], rows: Line[], columns: Column<T>[], view: View, measure: Measure): Layout {
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

/** The widths of the shown columns, where the widest flexible one gives way column by column. */
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
