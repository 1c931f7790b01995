import { escapeControls } from 'ainative-code'
import Table from 'cli-table3'
import { decodeHTMLStrict } from 'entities'
import truncatedWidth from 'fast-string-truncated-width'
import { Marked, type MarkedToken, type Token, type TokenizerExtension, type Tokens } from 'marked'
import wrapAnsi from 'wrap-ansi'
import { codeBlock } from './code.ts'
import { FIRST_COLUMN, INDENTED, markTabs, restoreTabs, withoutMarks } from './marks.ts'
import { paint } from './paint.ts'

/** The maximum width of text, in columns; longer lines are hard to read. */
const MAX_WIDTH = 100
const RULE = 40
const MIN_CELL = 8

/** Tokenizes TeX in `\(…\)` and `\[…\]`, which Markdown would treat as escapes. */
const math: TokenizerExtension = {
  name: 'math',
  level: 'inline',
  tokenizer(text) {
    const [raw] = /^(?:\\\(.{1,1000}?\\\)|\\\[.{1,1000}?\\\])/s.exec(text) ?? []
    return raw === undefined ? undefined : { type: 'math', raw }
  },
}

/** Link definitions are not resolved: the link and its definition may be in different blocks, so a definition is printed as text. */
const marked = new Marked({ extensions: [math], tokenizer: { def: () => undefined } })

/** Renders blocks of Markdown for a terminal of this width. `number` replaces the number of the first item of a list at the start. */
export function renderMarkdown(text: string, width: number, number?: number): string {
  try {
    const tokens = marked.lexer(markTabs(text))
    const [first] = tokens as MarkedToken[]
    if (number !== undefined && first?.type === 'list' && first.ordered) first.start = number
    return withoutMarks(blocks(tokens, Math.max(1, Math.min(width, MAX_WIDTH))))
  } catch (error) {
    // Thousands of nested quotes overflow the stack.
    if (error instanceof RangeError) return text
    throw error
  }
}

function blocks(tokens: Token[], width: number, between = '\n\n'): string {
  return tokens
    .filter(({ type }) => type !== 'space')
    .map((token) => block(token as MarkedToken, width))
    .join(between)
}

function block(token: MarkedToken, width: number): string {
  switch (token.type) {
    case 'heading':
      return wrap(paint('bold', paint(token.depth === 1 ? 'magenta' : 'green', inlines(token.tokens))), width)
    case 'code':
      return codeBlock(restoreTabs(trimLineEnds(token.text)), token.raw, token.lang).replace(/^/gm, FIRST_COLUMN)
    case 'blockquote':
      return prefix(blocks(token.tokens, width - 2), paint('dim', '│ '))
    case 'list':
      return list(token, width)
    case 'table':
      return table(token, width)
    case 'hr':
      return paint('dim', '─'.repeat(Math.max(1, Math.min(width, RULE))))
    case 'html':
      return paint('dim', token.text.trimEnd())
    default:
      return wrap(inline(token), width)
  }
}

function list({ ordered, start, items, loose }: Tokens.List, width: number): string {
  let at: Numbered | undefined
  const lines = items.map(({ raw, tokens, loose: isLoose }) => {
    at = at ? numberAfter(at, numberOf(raw)) : { own: numberOf(raw), shown: Number(start) }
    const [bullet = ''] = /[-*+.)]/.exec(raw) ?? []
    const mark = ordered ? `${at.shown}${bullet} ` : `${bullet} `
    const inner = blocks(joinCheckbox(tokens), width - mark.length, isLoose ? '\n\n' : '\n')
    const body = indent(inner, ' '.repeat(mark.length))
    return inner.startsWith(FIRST_COLUMN) ? `${mark.trimEnd()}\n${body}` : mark + body.slice(mark.length)
  })
  return lines.join(loose ? '\n\n' : '\n')
}

/** The number of an item: `own` in the source, `shown` in the output. */
export interface Numbered {
  own: number
  shown: number
}

/** The number in the source of an item; 0 if there is none. */
export const numberOf = (item: string) => Number(/\d+/.exec(item)?.[0] ?? 0)

/** The number of the next item: as in the source, because the text may refer to this number. Repeated numbers, as in 1. 1. 1., count up. */
export const numberAfter = (last: Numbered, own: number): Numbered => ({ own, shown: own === last.own ? last.shown + 1 : own })

/** Removes line breaks at the end. A regular expression would take quadratic time for many line breaks. */
function trimLineEnds(text: string): string {
  let end = text.length
  while (text[end - 1] === '\n') end--
  return text.slice(0, end)
}

/** Moves the checkbox token of a task into the text token that follows. */
function joinCheckbox(tokens: Token[]): Token[] {
  const [box, text, ...rest] = tokens as MarkedToken[]
  if (box?.type !== 'checkbox' || text?.type !== 'text') return tokens
  return [{ ...text, tokens: [box, ...(text.tokens ?? [])] }, ...rest]
}

function table({ raw, header, rows, align }: Tokens.Table, width: number): string {
  // marked drops cells beyond the number of columns in the header, such as after a `|` in code: print such a table unchanged.
  if (raw.split('\n').some((line) => cellsIn(line) > header.length)) return raw.trimEnd()
  const cells = [header, ...rows].map((row) => row.map(({ tokens }) => inlines(tokens)))
  const widths = header.map((_, at) => Math.max(...cells.map((row) => widthOf(row[at] ?? ''))))
  const maxCell = fitCells(widths, width - 1 - header.length * 3)
  if (maxCell === undefined) return rows.length > 0 ? records(cells) : raw.trimEnd()
  const [head = [], ...body] = cells.map((row) => row.map((cell) => wrap(cell, maxCell, true)))
  const output = new Table({
    head: head.map((cell) => paint('bold', cell)),
    style: { head: [], border: [], compact: true },
    colAligns: align.map((side) => side ?? 'left'),
  })
  output.push(...body)
  return output.toString()
}

const cellsIn = (line: string) =>
  line
    .trim()
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .split(/(?<!\\)\|/).length

const widthOf = (text: string) => Math.max(...text.split('\n').map((line) => truncatedWidth(line).width))

/** The maximum width of a cell at which all columns fit; undefined if they cannot fit. */
function fitCells(widths: number[], room: number): number | undefined {
  for (let maxCell = Math.max(...widths, MIN_CELL); maxCell >= MIN_CELL; maxCell--)
    if (widths.reduce((sum, width) => sum + Math.min(width, maxCell), 0) <= room) return maxCell
  return undefined
}

/** Renders a table that is too wide: one line per cell, and an empty line between rows. */
const records = ([head = [], ...rows]: string[][]) =>
  rows.map((row) => row.map((cell, at) => `${paint('bold', `${head[at]}:`)} ${cell}`).join('\n')).join('\n\n')

function inlines(tokens: Token[]): string {
  return tokens.map((token) => inline(token as MarkedToken)).join('')
}

function inline(token: MarkedToken): string {
  switch (token.type) {
    case 'strong':
      return paint('bold', inlines(token.tokens))
    case 'em':
      return paint('italic', inlines(token.tokens))
    case 'del':
      return paint('strikethrough', inlines(token.tokens))
    case 'codespan':
      return paint('yellow', token.text)
    case 'link':
      return link(token)
    case 'br':
      return '\n'
    case 'checkbox':
      return token.checked ? '[x] ' : '[ ] '
    case 'html':
      return /^<br\s*\/?>$/i.test(token.raw) ? '\n' : token.raw
    case 'escape':
      return token.text
    case 'text':
    case 'paragraph':
      return token.tokens ? inlines(token.tokens) : escapeControls(decodeHTMLStrict(token.text))
    default:
      return token.raw
  }
}

/** Renders a link with its target: a reply may contain misleading links. */
function link({ raw, href, title, tokens }: Tokens.Link): string {
  const inner = inlines(tokens)
  const text = paint('underline', inner)
  if (!raw.startsWith('[') || (href === inner && !title)) return text
  return `${text} (${paint('blue', escapeControls(href))}${title ? ` ${escapeControls(JSON.stringify(title))}` : ''})`
}

/** Matches long text without spaces, such as Chinese, for which the library is too slow; the terminal wraps such text itself. */
const LONG_WORD = /\S{1000}/

/** Wraps text. Text with a URL is wrapped only at spaces, so that the terminal still recognizes the URL. */
const wrap = (text: string, width: number, hard = !text.includes('://')) =>
  LONG_WORD.test(text) ? text : wrapAnsi(text, Math.max(width, MIN_CELL), { hard })

const prefix = (text: string, mark: string) => withoutMarks(text).replace(/^/gm, mark)

const indent = (text: string, space: string) => text.replace(INDENTED, space)
