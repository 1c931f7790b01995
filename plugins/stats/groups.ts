import { measureAny, oneLine, shorten, type TotalsRow, table, type View } from 'ainative-code'
import { bar, green } from './bars.ts'
import { costCell } from './cost-text.ts'
import type { CostResult } from './costs.ts'
import { type Key, label } from './keys.ts'
import { largest } from './largest.ts'
import { countIn, numberIn, writtenIn } from './numbers.ts'
import { countText, responseTime } from './text.ts'

/** A group: the row with its keys and numbers, and the cost of its messages. */
export interface Group {
  row: TotalsRow
  cost: CostResult
}

interface Column {
  title: string
  text(group: Group): string
  /** True if the value of a group is unknown. */
  isUnknown(group: Group): boolean
  /** On a narrow terminal, the columns with the highest rank are removed first. */
  rank: number
}

const column = (title: string, rank: number, value: (row: TotalsRow) => number | null, text: (value: number | null) => string): Column => ({
  ...{ title, rank },
  text: ({ row }) => text(value(row)),
  isUnknown: ({ row }) => value(row) === null,
})
const countColumn = (title: string, name: string, rank: number) => column(title, rank, (row) => numberIn(row, name), countText)
const timeColumn = (title: string, name: string, rank: number) => column(title, rank, (row) => numberIn(row, name), responseTime)
const costs: Column = {
  ...{ title: 'COST', rank: 3 },
  text: ({ cost }) => costCell(cost),
  isUnknown: ({ cost }) => cost.costs.length === 0 && cost.local === 0,
}

const COLUMNS: Column[] = [
  countColumn('SESSIONS', 'sessions', 2),
  countColumn('MESSAGES', 'messages', 1),
  countColumn('TOKENS', 'total_tokens', 4),
  costs,
  countColumn('INPUT', 'input_tokens', 6),
  countColumn('CACHED', 'cached_tokens', 9),
  column('WRITTEN', 12, writtenIn, countText),
  countColumn('OUTPUT', 'output_tokens', 5),
  countColumn('REASONING', 'reasoning_tokens', 10),
  countColumn('SEARCHES', 'web_searches', 13),
  timeColumn('AVERAGE', 'average_response_ms', 7),
  timeColumn('P50', 'p50_response_ms', 11),
  timeColumn('P95', 'p95_response_ms', 8),
]

/** Columns up to this rank are more important than a bar. */
const ESSENTIAL = 2
const MAX_KEY = 32
const MIN_KEY = 8
const MIN_BAR = 8
const MAX_BAR = 40

interface Line extends Group {
  names: string[]
}

/** Prints groups as a table. On a terminal, the table has the columns that fit and a bar for the number of messages. */
export async function* printGroups(groups: Group[], keys: Key[], view: View): AsyncIterable<string> {
  const lines = groups.map((group): Line => ({ ...group, names: keys.map((key) => oneLine(label(key, group.row[key] ?? null))) }))
  const { fittedLines, columns, room } = view.interactive
    ? await fitLines(lines, keys, view.width)
    : { fittedLines: lines, columns: COLUMNS, room: 0 }
  const largestCount = largest(groups.map(({ row }) => countIn(row, 'messages')))
  const text = table(
    fittedLines,
    [
      ...keys.map((key, i) => ({ title: key.toUpperCase(), value: ({ names }: Line) => names[i] })),
      ...columns.map((column) => ({ title: column.title, value: column.text })),
      ...(room >= MIN_BAR ? [{ title: '', value: ({ row }: Line) => bar(countIn(row, 'messages'), largestCount, room) }] : []),
    ],
    { ...view, width: Number.POSITIVE_INFINITY },
  )
  for await (const chunk of text) yield chunk.replace(/[\u2588-\u258f]+$/gm, (blocks) => green(blocks, view.color))
}

/** Removes columns and shortens names until the lines fit; `room` is the width that remains for a bar. */
async function fitLines(lines: Line[], keys: Key[], width: number): Promise<{ fittedLines: Line[]; columns: Column[]; room: number }> {
  const measure = await measureAny()
  const longest = keys.map((key, i) =>
    Math.min(MAX_KEY, Math.max(key.length, largest(lines.map(({ names }) => measure(names[i] ?? '', MAX_KEY + 1).width)))),
  )
  const minNames = sum(longest.map((each) => Math.min(each, MIN_KEY) + 1))
  const widths = widthsOf(lines)
  const columns = fitColumns(widths, width + 1 - minNames, width - sum(longest.map((each) => each + 1)) - MIN_BAR)
  const space = width + 1 - sum(columns.map((column) => widths.get(column) ?? 0))
  const widest = Math.floor(space / keys.length) - 1
  const fittedLines = lines.map(async ({ names, ...group }) => ({
    ...group,
    names: await Promise.all(names.map((name, i) => shorten(name, Math.min(widest, longest[i] ?? 0)))),
  }))
  return { fittedLines: await Promise.all(fittedLines), columns, room: Math.min(MAX_BAR, space - sum(longest.map((each) => each + 1)) - 1) }
}

/** The widths of the columns, including one space; without optional columns whose values are all unknown. */
const widthsOf = (lines: Line[]) =>
  new Map(
    COLUMNS.filter(({ rank, isUnknown }) => rank <= ESSENTIAL || !lines.every(isUnknown)).map((column) => [
      column,
      Math.max(column.title.length, largest(lines.map((line) => column.text(line).length))) + 1,
    ]),
  )

const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0)

/**
 * The columns that fit, in order. Essential columns may use `width`; optional columns only `spare`, so that names and bar keep their width.
 */
function fitColumns(widths: Map<Column, number>, width: number, spare: number): Column[] {
  let columns = [...widths.keys()]
  for (;;) {
    const last = Math.max(...columns.map(({ rank }) => rank))
    const room = last > ESSENTIAL ? spare : width
    if (columns.length === 1 || sum(columns.map((column) => widths.get(column) ?? 0)) <= room) return columns
    columns = columns.filter(({ rank }) => rank !== last)
  }
}
