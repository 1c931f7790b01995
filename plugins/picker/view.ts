import { escapeControls, localTime, type Measure, oneLine, pad, plural } from 'ainative-code'
import type { Entry } from './entry.ts'
import type { Preview } from './preview.ts'
import { wrap } from './wrap.ts'

/** The contents of the screen. */
export interface PickerView {
  query: string
  rows: readonly Entry[]
  /** The index of the selected row. */
  at: number
  /** The index of the first visible row. */
  top: number
  marked: ReadonlySet<string>
  preview: Preview | undefined
  /** The words to highlight in the preview. */
  words: string[]
  status: string
}

/** The size and the style of the screen. */
export interface ScreenStyle {
  columns: number
  rows: number
  color: boolean
  measure: Measure
}

/** The minimum width for a preview beside the list, in columns. */
const WIDE = 80
const PROMPT = '> '
const DATE = 'yyyy-MM-dd'

/** The size of the list and of the preview. The height of the preview is 0 or less if the screen is too small for one. */
export function layoutOf({ columns, rows }: Pick<ScreenStyle, 'columns' | 'rows'>) {
  const body = Math.max(1, rows - 2)
  if (columns >= WIDE) {
    const width = Math.floor(columns * 0.45)
    return { width, height: body, beside: true, preview: { width: columns - width - 3, height: body } }
  }
  const height = body < 6 ? body : Math.ceil(body / 2)
  return { width: columns, height, beside: false, preview: { width: columns, height: body - height - 1 } }
}

/** The lines of the screen, and the position of the cursor (from 0). */
export function frameOf(view: PickerView, paint: ScreenStyle): { lines: string[]; cursor: { row: number; column: number } } {
  const { columns, measure } = paint
  const layout = layoutOf(paint)
  const list = Array.from({ length: layout.height }, (_, i) => rowOf(view, view.top + i, layout.width, paint))
  const preview = layout.preview.height > 0 ? previewOf(view, layout.preview, paint) : []
  const query = tailOf(oneLine(view.query), columns - PROMPT.length - 1, measure)
  const body = layout.beside
    ? list.map((line, i) => `${line}\x1b[${layout.width + 2}G${style(paint, '2', '│')} ${preview[i] ?? ''}`)
    : [...list, ...(preview.length > 0 ? [style(paint, '2', '─'.repeat(columns)), ...preview] : [])]
  const lines = [`${PROMPT}${query}`, ...body]
  while (lines.length < paint.rows - 1) lines.push('')
  lines.push(style(paint, '2', cut(oneLine(view.status), columns, measure)))
  return { lines, cursor: { row: 0, column: PROMPT.length + widthOf(query, measure) } }
}

const style = ({ color }: ScreenStyle, code: string, text: string) => (color && code && text ? `\x1b[${code}m${text}\x1b[0m` : text)

const widthOf = (text: string, measure: Measure) => measure(text, Number.MAX_SAFE_INTEGER).width

const cut = (text: string, columns: number, measure: Measure) => pad(text, columns, measure).trimEnd()

/** Cuts the start of a text that is too wide. */
function tailOf(text: string, columns: number, measure: Measure): string {
  const characters = Array.from(text)
  while (characters.length > 0 && widthOf(characters.join(''), measure) > columns) characters.splice(0, Math.ceil(characters.length / 10))
  return characters.join('')
}

/** The line of a row: `>` for the selected row, `+` for a marked session, `*` for a pinned session. */
function rowOf({ rows, at, marked }: PickerView, index: number, width: number, paint: ScreenStyle): string {
  const entry = rows[index]
  if (!entry) return ''
  const signs = `${index === at ? '>' : ' '}${marked.has(entry.id) ? '+' : ' '}${entry.pinned ? '*' : ' '} `
  const date = width >= 40 ? localTime(entry.created_at, DATE) : ''
  const title = pad(oneLine(entry.title).trim(), Math.max(1, width - signs.length - (date ? date.length + 1 : 0)), paint.measure)
  // Terminals differ in the width of a title, so the date is placed by column.
  const dated = date && ` \x1b[${width - date.length + 1}G${date}`
  return style(paint, index === at ? '7' : '', `${signs}${title}${dated}`)
}

function previewOf({ rows, at, preview, words }: PickerView, size: { width: number; height: number }, paint: ScreenStyle): string[] {
  const entry = rows[at]
  if (!entry) return Array<string>(size.height).fill('')
  const details = [
    entry.id,
    localTime(entry.created_at),
    plural(entry.messages, 'message'),
    entry.project?.slice(0, 200),
    entry.tags.join(', '),
  ]
  const text = (content: string, height: number) => wrap(content, size.width, height, paint.measure)
  const head = [
    ...text(oneLine(entry.title), 2).map((line) => style(paint, '1', line)),
    ...text(oneLine(details.filter(Boolean).join(' · ')), 2).map((line) => style(paint, '2', line)),
    ...(size.height > 6 ? [''] : []),
    ...(preview ? text(oneLine(preview.heading), 1).map((line) => style(paint, '36', line)) : []),
  ]
  const body = preview ? text(escapeControls(preview.text).replaceAll('\t', '  '), Math.max(0, size.height - head.length)) : []
  const lines = [...head, ...body.map((line) => highlight(line, words, paint))].slice(0, size.height)
  while (lines.length < size.height) lines.push('')
  return lines
}

const MAX_WORDS = 20

function highlight(line: string, words: string[], paint: ScreenStyle): string {
  if (!paint.color || words.length === 0) return line
  const any = words.slice(0, MAX_WORDS).map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
  return line.replace(new RegExp(any.join('|'), 'gi'), (match) => `\x1b[1;31m${match}\x1b[0m`)
}
