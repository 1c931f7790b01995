import type { Pieces } from 'ainative-code'
import { type Code, createCode, fenceLine } from './code.ts'
import { type Numbered, numberAfter, numberOf, renderMarkdown } from './terminal.ts'

const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s/
/** Matches a fence, also at the start of a list item. The text after a fence of backticks cannot contain a backtick. */
const FENCE = /^(\s*)(?:(?:[-*+]|\d{1,9}[.)])\s+)*(`{3,}(?=[^`]*$)|~{3,})/

/** An unfinished list; `number` is the number of its last item. */
interface List {
  indent: number
  kind: string
  number: Numbered
}

/** Converts Markdown that arrives in pieces to styled lines for a terminal. */
export interface MarkdownRenderer extends Pieces {
  /** Returns the incomplete block, which is shown below the blocks that `add` returned. */
  preview(): string
}

/** True if a list continues with this line after a blank line. */
const isInList = (line: string) => ITEM.test(line) || /^(\t| {2})/.test(line)

const isBlank = (line: string | undefined) => line?.trim() === ''

/** Returns the list after its next item; a new list if the item has another kind of marker. */
function nextItem(list: List | undefined, [, space = '', mark = '']: RegExpExecArray): List {
  const kind = mark.slice(-1)
  const own = numberOf(mark)
  const number = list?.kind === kind ? numberAfter(list.number, own) : { own, shown: own }
  return { indent: list?.indent ?? space.length, kind, number }
}

/** The maximum number of characters of an incomplete block that is rendered; a longer block is shown without styles. */
const MAX_PREVIEW = 20_000

/** The empty line below a block. */
const GAP = '\n\n'

/** Separates blocks by empty lines. */
interface BlockSpacing {
  /** Returns the next block with the gap above it; `below` is the gap that the next call uses. */
  place(block: string, below?: string): string
  /** Returns the same text as `place`, but changes nothing. */
  peek(block: string): string
}

function createSpacing(): BlockSpacing {
  let above = ''
  const peek = (block: string) => block && above + block
  return {
    peek,
    place(block, below = GAP) {
      const shown = peek(block)
      if (block) above = below
      return shown
    },
  }
}

/** The state of the reader of Markdown lines. */
interface Reader {
  width(): number
  spacing: BlockSpacing
  /** The lines of the incomplete block. */
  lines: string[]
  /** The incomplete last line. */
  line: string
  /** The mark of the open fence. */
  fence?: string
  /** The open fenced block, if it is outside of a list. */
  code?: Code
  list?: List
}

const render = ({ width, list }: Reader, text: string) => renderMarkdown(text, width(), list?.number.shown)

/** Ends the block, and returns the rendered block. */
function flush(reader: Reader, below = GAP): string {
  const block = render(reader, reader.lines.join('\n'))
  reader.lines = []
  return reader.spacing.place(block, below)
}

/** Reads a complete line. Returns the block that ends with this line or before it. */
function readLine(reader: Reader, line: string): string {
  if (reader.fence !== undefined) return readCodeLine(reader, line, reader.fence)
  const shown = updateList(reader, line)
  const [, space = '', mark] = FENCE.exec(line) ?? []
  if (mark && !reader.list && space.length < 4) return shown + openCode(reader, line, mark)
  if (mark && reader.list) reader.fence = mark
  reader.lines.push(line)
  return isBlank(line) && !reader.list ? shown + flush(reader) : shown
}

/** Starts, continues or ends the list at a line. Returns the block that ends before the line. */
function updateList(reader: Reader, line: string): string {
  const { list, lines } = reader
  const afterBlank = isBlank(lines.at(-1))
  const item = ITEM.exec(line)
  if (list && item && (item[1] ?? '').length < list.indent + 2) {
    const shown = flush(reader, afterBlank ? GAP : '\n')
    reader.list = nextItem(list, item)
    return shown
  }
  if (list && afterBlank && !isBlank(line) && !isInList(line)) {
    const shown = flush(reader)
    reader.list = undefined
    return shown
  }
  if (!list && item) reader.list = nextItem(list, item)
  return ''
}

function openCode(reader: Reader, line: string, mark: string): string {
  const before = flush(reader)
  reader.fence = mark
  reader.code = createCode(line)
  return before + reader.spacing.place(reader.code.head)
}

/** Reads a line within a fence, or the line that closes the fence. */
function readCodeLine(reader: Reader, line: string, fence: string): string {
  const { code, list } = reader
  const mark = line.trim()
  const indent = line.length - line.trimStart().length
  const closes = mark.startsWith(fence) && new Set(mark).size === 1 && (list || indent < 4)
  if (closes) reader.fence = undefined
  if (!code) reader.lines.push(line)
  else if (!closes) code.take(line)
  if (!code || !closes) return ''
  reader.code = undefined
  return `${code.lines()}\n${fenceLine(mark)}`
}

/** Returns the incomplete block. */
function preview(reader: Reader): string {
  const { code, line, lines, spacing } = reader
  if (code) return line && code.preview(line)
  const text = [...lines, line].join('\n')
  return spacing.peek(text.length > MAX_PREVIEW ? text.slice(-MAX_PREVIEW) : render(reader, text))
}

/** Ends the text, and returns the last block. */
function end(reader: Reader): string {
  const shown = reader.line || reader.lines.length > 0 ? readLine(reader, reader.line) : ''
  const open = reader.code?.lines() ?? ''
  Object.assign(reader, { line: '', code: undefined })
  return shown + open + flush(reader)
}

/** Renders Markdown that arrives in pieces. A block or a list item is shown once it is complete, code line by line. The width may change. */
export function createMarkdownRenderer(width: () => number): MarkdownRenderer {
  const reader: Reader = { width, spacing: createSpacing(), lines: [], line: '' }
  return {
    add(piece) {
      const [first = '', ...others] = piece.split('\n')
      reader.line += first
      let shown = ''
      for (const next of others) {
        shown += readLine(reader, reader.line)
        reader.line = next
      }
      return shown + (reader.code?.lines() ?? '')
    },
    preview: () => preview(reader),
    end: () => end(reader),
  }
}
