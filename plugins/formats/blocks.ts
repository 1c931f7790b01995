import type { Pieces } from 'ainative-code'
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

/** Markdown that comes in pieces, as styled lines for a terminal: a block, or an item of a list, is shown once it is whole. */
export function createBlocks(width: number): Pieces {
  /** The lines of the block that is not whole yet, and the start of its next one. */
  let lines: string[] = []
  let line = ''
  let fence: string | undefined
  let list: List | undefined
  let some = false
  /** What parts the next block from the one before. */
  let gap = '\n\n'

  const flush = (next = '\n\n') => {
    const block = renderMarkdown(lines.join('\n'), width, list?.number.shown)
    lines = []
    if (block === '') return ''
    const shown = (some ? gap : '') + block
    some = true
    gap = next
    return shown
  }

  const takeCode = (whole: string, open: string): string => {
    lines.push(whole)
    const mark = whole.trim()
    const space = whole.length - whole.trimStart().length
    const closed = mark.startsWith(open) && new Set(mark).size === 1 && (list || space < 4)
    if (closed) fence = undefined
    return closed && !list ? flush() : ''
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
    lines.push(whole)
    const [, space = '', mark] = FENCE.exec(whole) ?? []
    if (mark && (list || space.length < 4)) fence = mark
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
      return shown
    },
    end() {
      const shown = take(line)
      line = ''
      return shown + flush()
    },
  }
}
