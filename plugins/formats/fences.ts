/** A fenced block of code, with the text after the opening fence as language. */
export interface Fence {
  lang: string
  text: string
}

/** A block whose closing fence is not read yet, and the prefixes of its lines. */
interface OpenFence {
  mark: string
  quotes: number
  indent: number
  lang: string
  lines: string[]
}

const OPENING = /^((?: {0,3}>)*)(\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*)(`{3,}(?=[^`]*$)|~{3,})(.*)$/
const ITEM = /^(?: {0,3}>)*\s*(?:[-*+]|\d{1,9}[.)])\s/

/** Finds the fenced blocks of a Markdown text, also in quotes and lists, in order; tabs are kept. */
export function fencesOf(text: string): Fence[] {
  const fences: OpenFence[] = []
  let open: OpenFence | undefined
  let inList = false
  for (const line of text.split(/\r?\n/)) {
    if (open && addLine(open, line)) continue
    const isClosingLine = open !== undefined && !leavesQuote(open, line)
    open = undefined
    if (isClosingLine) continue
    inList = ITEM.test(line) || (inList && /^(\s|$)/.test(line))
    open = openFence(line, inList)
    if (open) fences.push(open)
  }
  return fences.map(({ lang, lines }) => ({ lang, text: lines.join('\n') }))
}

/** The block that a line opens; undefined for other lines. Outside a list, a line indented by four spaces is code and not a fence. */
function openFence(line: string, inList: boolean): OpenFence | undefined {
  const [, quoteMarks = '', space = '', mark, lang = ''] = OPENING.exec(line) ?? []
  if (mark === undefined || (!inList && space.length > 3)) return undefined
  const quotes = quoteMarks.split('>').length - 1
  // The space after `>` belongs to the quote.
  const indent = quotes > 0 && space.startsWith(' ') ? space.length - 1 : space.length
  return { mark, quotes, indent, lang: lang.trim(), lines: [] }
}

/** True if a line ends a quote, and so the block in the quote. */
const leavesQuote = ({ quotes }: OpenFence, line: string) => quotes > 0 && !/^ {0,3}>/.test(line)

/** Adds a line to an open block; false for the line that ends the block. */
function addLine(open: OpenFence, line: string): boolean {
  if (leavesQuote(open, line)) return false
  let content = line
  for (let level = open.quotes; level > 0; level--) content = content.replace(/^ {0,3}> ?/, '')
  const end = content.trim()
  if (end.length >= open.mark.length && end === (open.mark[0] ?? '').repeat(end.length)) return false
  open.lines.push(content.replace(new RegExp(`^ {0,${open.indent}}`), ''))
  return true
}
