import { highlight } from './highlight.ts'
import { paint } from './paint.ts'

/** A fenced block that is read line by line. Each text that it gives begins with a line end. */
export interface Code {
  /** The line that opens the block. */
  head: string
  take(line: string): void
  /** The lines that were taken since the last call. */
  lines(): string
  /** A line that has no end yet. */
  preview(line: string): string
}

/** Code of more characters is highlighted piece by piece while it comes: highlighting all of it anew for each line would take too long. */
const MOST_CHARS = 20_000

/** Starts a block at the line that opens it. Code stands at the first column and keeps its tabs, so that it can be copied. */
export function createCode(open: string): Code {
  const [, space = '', mark = '', lang = ''] = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(open) ?? []
  const indent = new RegExp(`^ {0,${space.length}}`)
  const bare = (line: string) => line.replace(indent, '')
  const taken: string[] = []
  let given = 0
  let size = 0
  return {
    head: fenceLine(mark, lang),
    take(line) {
      taken.push(bare(line))
      size += line.length + 1
    },
    lines() {
      if (given === taken.length) return ''
      const whole = given === 0 || size <= MOST_CHARS
      const shown = whole
        ? highlight(taken.join('\n'), lang).split('\n').slice(given)
        : highlight(taken.slice(given).join('\n'), lang).split('\n')
      given = taken.length
      return `\n${shown.join('\n')}`
    },
    preview: (line) => `\n${highlight(bare(line), lang)}`,
  }
}

/** A fence as it is shown: dimmed, with the language as it stands there. */
export const fenceLine = (mark: string, lang = '') => paint('dim', `${mark}${lang.trim()}`)

/** A whole block, as it stands within a list or where it has no fence. */
export function codeBlock(text: string, raw: string, lang = ''): string {
  const mark = /^\s*(`{3,}|~{3,})/.exec(raw)?.[1] ?? '```'
  return [fenceLine(mark, lang), highlight(text, lang), fenceLine(mark)].join('\n')
}
