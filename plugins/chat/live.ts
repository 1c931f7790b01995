import { stripVTControlCharacters } from 'node:util'
import { type Measure, measureAny } from 'ainative-code'

/** The size of a terminal now. */
export type Size = () => { columns: number; rows: number }

/** The end of a terminal's output, whose last part is drawn over. No text or tail ends with a line end; each begins with those that set it apart. */
export interface Live {
  /** What to write so that the text stays, and the tail stands below it until the next call. */
  draw(text: string, tail: string): string
  /** What to write so that the text stays, with the cursor on an empty line below. */
  end(text: string): string
}

/** On a narrower terminal nothing is drawn: a resize would leave too much of it behind. */
const NARROWEST = 8

/**
 * Counts the rows of what is drawn over at the width that the terminal has by then: at a resize it breaks its lines anew. The cursor
 * waits on an empty line below, since some terminals do not break the line of the cursor.
 */
export async function createLive(size: Size, env = process.env): Promise<Live> {
  const measure = await measureAny()
  const rowsOf = breaksLines(env) ? (line: string, columns: number) => countRows(line, columns, measure) : () => 1
  let tail: string[] = []
  let held = ''
  let began = false
  const erase = () => {
    const { columns, rows } = size()
    const up = Math.min(rows - 1, sum(tail.map((line) => rowsOf(line, columns))))
    return up > 0 ? `\x1b[${up}A\r\x1b[J` : ''
  }
  /** The first line end is written already: the cursor is below the text before. */
  const below = (text: string) => (began && text ? text.slice(1) : text)
  const keep = (text: string) => {
    const shown = text ? `${below(text)}\n` : ''
    began ||= text !== ''
    return shown
  }
  return {
    draw(text, next) {
      const { columns, rows } = size()
      held += text
      if (columns < NARROWEST) return ''
      const shown = erase() + keep(held)
      held = ''
      tail = next ? lastRows(below(next).split('\n'), rows - 1, (line) => countRows(line, columns, measure)) : []
      return shown + tail.map((line) => `${line}\n`).join('')
    },
    end(text) {
      const shown = erase() + keep(held + text)
      held = ''
      tail = []
      return shown
    },
  }
}

/** Whether the terminal breaks its lines anew at a resize; these are known not to. */
const breaksLines = ({ TERM = '', XTERM_VERSION, TMUX }: NodeJS.ProcessEnv) =>
  !XTERM_VERSION && TERM !== 'linux' && (!TERM.startsWith('screen') || TMUX !== undefined)

const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0)

const TAB = ' '.repeat(8)

/** How many rows a line takes; a character of two columns that does not fit goes to the next row. */
function countRows(line: string, columns: number, measure: Measure): number {
  let rest = stripVTControlCharacters(line).replaceAll('\t', TAB)
  let rows = 1
  while (measure(rest, columns).index < rest.length) {
    // The blanks make the text too wide for the limit, so that the measure tells where to cut.
    rest = rest.slice(Math.max(1, measure(`${rest}  `, columns + 1).index))
    rows++
  }
  return rows
}

/** The last lines, as many as have room. */
function lastRows(lines: string[], room: number, rowsOf: (line: string) => number): string[] {
  let used = 0
  const full = lines.findLastIndex((line) => {
    used += rowsOf(line)
    return used > room
  })
  return lines.slice(full + 1)
}
