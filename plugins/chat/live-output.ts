import { stripVTControlCharacters } from 'node:util'
import { type Measure, measureAny } from 'ainative-code'

/** Returns the current size of the terminal. */
export type Size = () => { columns: number; rows: number }

/**
 * Draws output on a terminal, and redraws its last part, the tail. A text or a tail starts with the line ends that separate it from the
 * previous text, and does not end with a line end.
 */
export interface LiveOutput {
  /** Returns the output that adds the text, and below the text the tail, which the next call replaces. */
  draw(text: string, tail: string): string
  /** Returns the output that adds the text, with the cursor on an empty line below. */
  end(text: string): string
}

/** The minimum width for redrawing. On a narrower terminal, a resize would leave too many old lines. */
const MIN_COLUMNS = 8

/**
 * Creates the output of a terminal. Rows are counted at the terminal's current width, because a resize wraps the lines again. The cursor
 * stays on an empty line below, because some terminals do not wrap the line of the cursor.
 */
export async function createLiveOutput(size: Size, env = process.env): Promise<LiveOutput> {
  const measure = await measureAny()
  const rowsOf = rewraps(env) ? (line: string, columns: number) => countRows(line, columns, measure) : () => 1
  let tail: string[] = []
  let waiting = ''
  let hasOutput = false
  const erase = () => {
    const { columns, rows } = size()
    const up = Math.min(rows - 1, sum(tail.map((line) => rowsOf(line, columns))))
    return up > 0 ? `\x1b[${up}A\r\x1b[J` : ''
  }
  /** Removes the first line end of a text, because the cursor is already below the previous text. */
  const below = (text: string) => (hasOutput && text ? text.slice(1) : text)
  const keep = (text: string) => {
    const shown = text ? `${below(text)}\n` : ''
    hasOutput ||= text !== ''
    return shown
  }
  return {
    draw(text, next) {
      const { columns, rows } = size()
      waiting += text
      if (columns < MIN_COLUMNS) return ''
      const shown = erase() + keep(waiting)
      waiting = ''
      tail = next ? lastRows(below(next).split('\n'), rows - 1, (line) => countRows(line, columns, measure)) : []
      return shown + tail.map((line) => `${line}\n`).join('')
    },
    end(text) {
      const shown = erase() + keep(waiting + text)
      waiting = ''
      tail = []
      return shown
    },
  }
}

/** True if the terminal wraps its lines again at a resize. The terminals in this list do not. */
const rewraps = ({ TERM = '', XTERM_VERSION, TMUX }: NodeJS.ProcessEnv) =>
  !XTERM_VERSION && TERM !== 'linux' && (!TERM.startsWith('screen') || TMUX !== undefined)

const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0)

const TAB = ' '.repeat(8)

/** The rows of a line; a character of two columns that does not fit moves to the next row. */
function countRows(line: string, columns: number, measure: Measure): number {
  let rest = stripVTControlCharacters(line).replaceAll('\t', TAB)
  let rows = 1
  while (measure(rest, columns).index < rest.length) {
    // The blanks make the text wider than the limit, so that measure() returns where to cut.
    rest = rest.slice(Math.max(1, measure(`${rest}  `, columns + 1).index))
    rows++
  }
  return rows
}

/** The last lines that fit into `limit` rows. */
function lastRows(lines: string[], limit: number, rowsOf: (line: string) => number): string[] {
  let used = 0
  const full = lines.findLastIndex((line) => {
    used += rowsOf(line)
    return used > limit
  })
  return lines.slice(full + 1)
}
