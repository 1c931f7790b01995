import { highlight } from './highlight.ts'
import { paint } from './paint.ts'

/** Renders a fenced block line by line. The results of `lines` and `preview` start with a line break. */
export interface Code {
  /** The rendered opening fence. */
  head: string
  take(line: string): void
  /** Renders the lines taken since the last call. */
  lines(): string
  /** Renders an incomplete line. */
  preview(line: string): string
}

/** The maximum length of code that is highlighted as a whole for each line. Longer code is highlighted in pieces, which is faster. */
const MAX_CHARS = 20_000

/** Starts a block from its opening fence. The code starts at the first column and keeps its tabs, so that it can be copied. */
export function createCode(open: string): Code {
  const [, space = '', mark = '', lang = ''] = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(open) ?? []
  const indent = new RegExp(`^ {0,${space.length}}`)
  const unindent = (line: string) => line.replace(indent, '')
  const codeLines: string[] = []
  let printed = 0
  let size = 0
  return {
    head: fenceLine(mark, lang),
    take(line) {
      codeLines.push(unindent(line))
      size += line.length + 1
    },
    lines() {
      if (printed === codeLines.length) return ''
      const fromStart = printed === 0 || size <= MAX_CHARS
      const output = fromStart
        ? highlight(codeLines.join('\n'), lang).split('\n').slice(printed)
        : highlight(codeLines.slice(printed).join('\n'), lang).split('\n')
      printed = codeLines.length
      return `\n${output.join('\n')}`
    },
    preview: (line) => `\n${highlight(unindent(line), lang)}`,
  }
}

/** Renders a fence: dimmed, with the language unchanged. */
export const fenceLine = (mark: string, lang = '') => paint('dim', `${mark}${lang.trim()}`)

/** Renders a complete block of code, such as one in a list or one without a fence. */
export function codeBlock(text: string, raw: string, lang = ''): string {
  const mark = /^\s*(`{3,}|~{3,})/.exec(raw)?.[1] ?? '```'
  return [fenceLine(mark, lang), highlight(text, lang), fenceLine(mark)].join('\n')
}
