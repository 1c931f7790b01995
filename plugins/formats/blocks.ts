import type { Pieces } from 'ainative-code'
import { type Code, createCode, fenceLine } from './code.ts'
import { type Numbered, numberAfter, numberOf, renderMarkdown } from './terminal.ts'

const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s/
/** A fence, maybe the first thing in an item; what stands after one of backticks has none. */
const FENCE = /^(\s*)(?:(?:[-*+]|\d{1,9}[.)])\s+)*(`{3,}(?=[^`]*$)|~{3,})/

/** The list that is being read, at its last item. */
interface List {
  indent: number
  kind: string
  number: Numbered
}

/** Markdown that comes in pieces, as styled lines for a terminal. */
export interface Blocks extends Pieces {
  /** The block that is not whole yet, as it is so far; below what was shown before. */
  preview(): string
}

/** Whether a list goes on with this line, after a blank one. */
const isInList = (line: string) => ITEM.test(line) || /^(\t| {2})/.test(line)

const isBlank = (line: string | undefined) => line?.trim() === ''

/** A list with its next item. */
function follow(list: List | undefined, [, space = '', mark = '']: RegExpExecArray): List {
  const kind = mark.slice(-1)
  const own = numberOf(mark)
  const number = list?.kind === kind ? numberAfter(list.number, own) : { own, shown: own }
  return { indent: list?.indent ?? space.length, kind, number }
}

/** A longer block that is not whole is shown without its styles. */
const MOST_PREVIEW = 20_000

/** A block, or an item of a list, is shown once it is whole; of code each line. The width may change while text comes. */
export function createBlocks(width: () => number): Blocks {
  /** The lines of the block that is not whole yet, and the start of its next one. */
  let lines: string[] = []
  let line = ''
  let fence: string | undefined
  /** The fenced block that is being read, outside of a list. */
  let code: Code | undefined
  let list: List | undefined
  let some = false
  /** What parts the next block from the one before. */
  let gap = '\n\n'

  const render = (text: string) => renderMarkdown(text, width(), list?.number.shown)
  const place = (block: string, next: string) => {
    if (block === '') return ''
    const shown = (some ? gap : '') + block
    some = true
    gap = next
    return shown
  }
  const flush = (next = '\n\n') => {
    const block = render(lines.join('\n'))
    lines = []
    return place(block, next)
  }

  const openCode = (whole: string, mark: string): string => {
    const before = flush()
    fence = mark
    code = createCode(whole)
    return before + place(code.head, '\n\n')
  }

  const takeCode = (whole: string, open: string): string => {
    const mark = whole.trim()
    const space = whole.length - whole.trimStart().length
    const closed = mark.startsWith(open) && new Set(mark).size === 1 && (list || space < 4)
    if (closed) fence = undefined
    if (!code) lines.push(whole)
    else if (!closed) code.take(whole)
    if (!code || !closed) return ''
    const shown = `${code.lines()}\n${fenceLine(mark)}`
    code = undefined
    return shown
  }

  /** Takes a whole line; gives the block that it ends, or that ended before it. */
  const take = (whole: string): string => {
    if (fence !== undefined) return takeCode(whole, fence)
    const parted = isBlank(lines.at(-1))
    const item = ITEM.exec(whole)
    let shown = ''
    if (list && item && (item[1] ?? '').length < list.indent + 2) {
      shown = flush(parted ? '\n\n' : '\n')
      list = follow(list, item)
    } else if (list && parted && !isBlank(whole) && !isInList(whole)) {
      shown = flush()
      list = undefined
    } else if (!list && item) list = follow(list, item)
    const [, space = '', mark] = FENCE.exec(whole) ?? []
    if (mark && !list && space.length < 4) return shown + openCode(whole, mark)
    if (mark && list) fence = mark
    lines.push(whole)
    return isBlank(whole) && !list ? shown + flush() : shown
  }

  return {
    add(piece) {
      const [first = '', ...more] = piece.split('\n')
      line += first
      let shown = ''
      for (const next of more) {
        shown += take(line)
        line = next
      }
      return shown + (code?.lines() ?? '')
    },
    preview() {
      if (code) return line && code.preview(line)
      const text = [...lines, line].join('\n')
      const block = text.length > MOST_PREVIEW ? text.slice(-MOST_PREVIEW) : render(text)
      return block && (some ? gap : '') + block
    },
    end() {
      const shown = line || lines.length > 0 ? take(line) : ''
      line = ''
      const open = code?.lines() ?? ''
      code = undefined
      return shown + open + flush()
    },
  }
}
