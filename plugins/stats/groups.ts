import { measureAny, oneLine, shorten, type TotalsRow, table, type View } from 'ainative-code'
import { costCell } from './cost-text.ts'
import type { CostResult } from './costs.ts'
import { bar, green } from './draw.ts'
import { type Key, label } from './keys.ts'
import { largest } from './largest.ts'
import { countIn, numberIn, writtenIn } from './numbers.ts'
import { count, response } from './text.ts'

/** A group: its keys and numbers, and what its messages cost. */
export interface Group {
  row: TotalsRow
  cost: CostResult
}

interface Column {
  title: string
  text(group: Group): string
  /** True where it says nothing of a group. */
  isUnknown(group: Group): boolean
  /** The column with the highest is the first to go where a terminal is narrow. */
  rank: number
}

const column = (title: string, rank: number, value: (row: TotalsRow) => number | null, text: (value: number | null) => string): Column => ({
  ...{ title, rank },
  text: ({ row }) => text(value(row)),
  isUnknown: ({ row }) => value(row) === null,
})
const counted = (title: string, name: string, rank: number) => column(title, rank, (row) => numberIn(row, name), count)
const timed = (title: string, name: string, rank: number) => column(title, rank, (row) => numberIn(row, name), response)
const costs: Column = {
  ...{ title: 'COST', rank: 3 },
  text: ({ cost }) => costCell(cost),
  isUnknown: ({ cost }) => cost.costs.length === 0 && cost.local === 0,
}

const COLUMNS: Column[] = [
  counted('SESSIONS', 'sessions', 2),
  counted('MESSAGES', 'messages', 1),
  counted('TOKENS', 'total_tokens', 4),
  costs,
  counted('INPUT', 'input_tokens', 6),
  counted('CACHED', 'cached_tokens', 9),
  column('WRITTEN', 12, writtenIn, count),
  counted('OUTPUT', 'output_tokens', 5),
  counted('REASONING', 'reasoning_tokens', 10),
  counted('SEARCHES', 'web_searches', 13),
  timed('AVERAGE', 'average_response_ms', 7),
  timed('P50', 'p50_response_ms', 11),
  timed('P95', 'p95_response_ms', 8),
]

/** The ranks of columns that are more important than a bar. */
const ESSENTIAL = 2
const MAX_KEY = 32
const MIN_KEY = 8
const MIN_BAR = 8
const MAX_BAR = 40

interface Line extends Group {
  names: string[]
}

/** Groups as a table; on a terminal with as many columns as fit, and a bar for the messages. */
export async function* printGroups(groups: Group[], keys: Key[], view: View): AsyncIterable<string> {
  const lines = groups.map((group): Line => ({ ...group, names: keys.map((key) => oneLine(label(key, group.row[key] ?? null))) }))
  const { fitted, columns, room } = view.interactive
    ? await fitLines(lines, keys, view.width)
    : { fitted: lines, columns: COLUMNS, room: 0 }
  const most = largest(groups.map(({ row }) => countIn(row, 'messages')))
  const text = table(
    fitted,
    [
      ...keys.map((key, i) => ({ title: key.toUpperCase(), value: ({ names }: Line) => names[i] })),
      ...columns.map((column) => ({ title: column.title, value: column.text })),
      ...(room >= MIN_BAR ? [{ title: '', value: ({ row }: Line) => bar(countIn(row, 'messages'), most, room) }] : []),
    ],
    { ...view, width: Number.POSITIVE_INFINITY },
  )
  for await (const chunk of text) yield chunk.replace(/[\u2588-\u258f]+$/gm, (drawn) => green(drawn, view.color))
}

/** Shortens the names and leaves out columns until the lines fit; `room` is what is left for a bar. */
async function fitLines(lines: Line[], keys: Key[], width: number): Promise<{ fitted: Line[]; columns: Column[]; room: number }> {
  const measure = await measureAny()
  const longest = keys.map((key, i) =>
    Math.min(MAX_KEY, Math.max(key.length, largest(lines.map(({ names }) => measure(names[i] ?? '', MAX_KEY + 1).width)))),
  )
  const least = sum(longest.map((each) => Math.min(each, MIN_KEY) + 1))
  const widths = widthsOf(lines)
  const columns = fitting(widths, width + 1 - least, width - sum(longest.map((each) => each + 1)) - MIN_BAR)
  const left = width + 1 - sum(columns.map((column) => widths.get(column) ?? 0))
  const widest = Math.floor(left / keys.length) - 1
  const fitted = lines.map(async ({ names, ...group }) => ({
    ...group,
    names: await Promise.all(names.map((name, i) => shorten(name, Math.min(widest, longest[i] ?? 0)))),
  }))
  return { fitted: await Promise.all(fitted), columns, room: Math.min(MAX_BAR, left - sum(longest.map((each) => each + 1)) - 1) }
}

/** The columns with their widths, and the space after each; without those that are unknown throughout. */
const widthsOf = (lines: Line[]) =>
  new Map(
    COLUMNS.filter(({ rank, isUnknown }) => rank <= ESSENTIAL || !lines.every(isUnknown)).map((column) => [
      column,
      Math.max(column.title.length, largest(lines.map((line) => column.text(line).length))) + 1,
    ]),
  )

const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0)

/** The columns that fit, in order. The essential ones may shorten the names; `spare` is what the names and a bar leave to others. */
function fitting(widths: Map<Column, number>, width: number, spare: number): Column[] {
  let columns = [...widths.keys()]
  for (;;) {
    const last = Math.max(...columns.map(({ rank }) => rank))
    const room = last > ESSENTIAL ? spare : width
    if (columns.length === 1 || sum(columns.map((column) => widths.get(column) ?? 0)) <= room) return columns
    columns = columns.filter(({ rank }) => rank !== last)
  }
}
