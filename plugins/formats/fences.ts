/** A fenced block of code, with the language as it stands after the fence. */
export interface Fence {
  lang: string
  text: string
}

/** A block whose end is not read yet, and what stands before each of its lines. */
interface Open {
  mark: string
  quotes: number
  indent: number
  lang: string
  lines: string[]
}

const OPENING = /^((?: {0,3}>)*)(\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*)(`{3,}(?=[^`]*$)|~{3,})(.*)$/
const ITEM = /^(?: {0,3}>)*\s*(?:[-*+]|\d{1,9}[.)])\s/

/** The fenced blocks of a Markdown text, also those within quotes and lists, in order; tabs stay tabs. */
export function fencesOf(text: string): Fence[] {
  const found: Open[] = []
  let open: Open | undefined
  let inList = false
  for (const line of text.split(/\r?\n/)) {
    if (open && goesOn(open, line)) continue
    const wasOpen = open !== undefined && !leavesQuote(open, line)
    open = undefined
    if (wasOpen) continue
    inList = ITEM.test(line) || (inList && /^(\s|$)/.test(line))
    open = opened(line, inList)
    if (open) found.push(open)
  }
  return found.map(({ lang, lines }) => ({ lang, text: lines.join('\n') }))
}

/** The block that a line opens; four spaces outside of a list make it code of another kind. */
function opened(line: string, inList: boolean): Open | undefined {
  const [, quoted = '', space = '', mark, lang = ''] = OPENING.exec(line) ?? []
  if (mark === undefined || (!inList && space.length > 3)) return undefined
  const quotes = quoted.split('>').length - 1
  // The space after the sign of a quote belongs to the quote.
  const indent = quotes > 0 && space.startsWith(' ') ? space.length - 1 : space.length
  return { mark, quotes, indent, lang: lang.trim(), lines: [] }
}

/** A block within a quote ends with the quote. */
const leavesQuote = ({ quotes }: Open, line: string) => quotes > 0 && !/^ {0,3}>/.test(line)

/** Takes a line of an open block; false for the line that ends it. */
function goesOn(open: Open, line: string): boolean {
  if (leavesQuote(open, line)) return false
  let bare = line
  for (let left = open.quotes; left > 0; left--) bare = bare.replace(/^ {0,3}> ?/, '')
  const end = bare.trim()
  if (end.length >= open.mark.length && end === (open.mark[0] ?? '').repeat(end.length)) return false
  open.lines.push(bare.replace(new RegExp(`^ {0,${open.indent}}`), ''))
  return true
}
