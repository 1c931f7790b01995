import { renderMarkdown } from './terminal.ts'

/** Markdown that comes in pieces, as styled lines for a terminal: a block is shown once it is whole. */
export interface Blocks {
  /** Takes a piece, gives the blocks that it made whole. */
  add(piece: string): string
  /** Gives what is left. */
  end(): string
}

const FENCE = /^\s*(`{3,}|~{3,})/
const ITEM = /^\s*([-*+]|\d{1,9}[.)])\s/

/** Whether a list goes on with this line, after a blank one. */
const isInList = (line: string) => ITEM.test(line) || /^(\t| {2})/.test(line)

export function createBlocks(width: number): Blocks {
  /** The lines of the block that is not whole yet, and the start of its next one. */
  let lines: string[] = []
  let line = ''
  let fence: string | undefined
  let list = false
  let some = false
  const flush = () => {
    const text = lines.join('\n')
    lines = []
    list = false
    const block = text.trim() && renderMarkdown(text, width)
    const before = some && block ? '\n\n' : ''
    some ||= block !== ''
    return before + block
  }
  /** Takes a whole line; gives the block that it ends, or that ended before it. */
  const take = (whole: string): string => {
    const ended = list && fence === undefined && lines.at(-1)?.trim() === '' && whole.trim() !== '' && !isInList(whole)
    const shown = ended ? flush() : ''
    lines.push(whole)
    if (fence !== undefined) {
      const closed = whole.trim().startsWith(fence) && new Set(whole.trim()).size === 1
      if (closed) fence = undefined
      return closed && !list ? shown + flush() : shown
    }
    fence = FENCE.exec(whole)?.[1]
    list ||= ITEM.test(whole)
    return whole.trim() === '' && !list ? shown + flush() : shown
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
