import { harmless } from 'ainative-code'
import Table from 'cli-table3'
import { decodeHTMLStrict } from 'entities'
import truncatedWidth from 'fast-string-truncated-width'
import { Marked, type MarkedToken, type Token, type TokenizerExtension, type Tokens } from 'marked'
import wrapAnsi from 'wrap-ansi'
import { codeBlock } from './code.ts'
import { FIRST_COLUMN, holdTabs, INDENTED, releaseTabs, withoutMarks } from './marks.ts'
import { paint } from './paint.ts'

/** Lines of text are broken at words where they are wider; longer ones are hard to read. */
const WIDEST = 100
const RULE = 40
const NARROWEST_CELL = 8

/** TeX between its own brackets, which Markdown would take for escapes. */
const math: TokenizerExtension = {
  name: 'math',
  level: 'inline',
  tokenizer(text) {
    const [raw] = /^(?:\\\(.{1,1000}?\\\)|\\\[.{1,1000}?\\\])/s.exec(text) ?? []
    return raw === undefined ? undefined : { type: 'math', raw }
  },
}

/** What a reference points to may be in a block that was shown already, so its line is text like any other. */
const marked = new Marked({ extensions: [math], tokenizer: { def: () => undefined } })

/** Blocks of Markdown as styled lines for a terminal of this width; a list at their start may count from a number that it does not say. */
export function renderMarkdown(text: string, width: number, number?: number): string {
  try {
    const tokens = marked.lexer(holdTabs(text))
    const [first] = tokens as MarkedToken[]
    if (number !== undefined && first?.type === 'list' && first.ordered) first.start = number
    return withoutMarks(blocks(tokens, Math.max(1, Math.min(width, WIDEST))))
  } catch (error) {
    // Quotes within quotes, thousands deep.
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
      return codeBlock(releaseTabs(trimmed(token.text)), token.raw, token.lang).replace(/^/gm, FIRST_COLUMN)
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
  const shown = items.map(({ raw, tokens, loose: parted }) => {
    at = at ? numberAfter(at, numberOf(raw)) : { own: numberOf(raw), shown: Number(start) }
    const [own = ''] = /[-*+.)]/.exec(raw) ?? []
    const mark = ordered ? `${at.shown}${own} ` : `${own} `
    const inner = blocks(joined(tokens), width - mark.length, parted ? '\n\n' : '\n')
    const shown = indent(inner, ' '.repeat(mark.length))
    return inner.startsWith(FIRST_COLUMN) ? `${mark.trimEnd()}\n${shown}` : mark + shown.slice(mark.length)
  })
  return shown.join(loose ? '\n\n' : '\n')
}

/** An item's number as it stands there and as it is shown. */
export interface Numbered {
  own: number
  shown: number
}

export const numberOf = (item: string) => Number(/\d+/.exec(item)?.[0] ?? 0)

/** The next item's: its own, since text tends to refer to that; counted only where it is the last one's again, as in 1. 1. 1. */
export const numberAfter = (last: Numbered, own: number): Numbered => ({ own, shown: own === last.own ? last.shown + 1 : own })

/** Without the line ends behind it; a pattern would look for them from each one. */
function trimmed(text: string): string {
  let end = text.length
  while (text[end - 1] === '\n') end--
  return text.slice(0, end)
}

/** The box of a task is a token beside its text. */
function joined(tokens: Token[]): Token[] {
  const [box, text, ...rest] = tokens as MarkedToken[]
  if (box?.type !== 'checkbox' || text?.type !== 'text') return tokens
  return [{ ...text, tokens: [box, ...(text.tokens ?? [])] }, ...rest]
}

function table({ raw, header, rows, align }: Tokens.Table, width: number): string {
  // Cells that are more than those of the head would be left out; a bar within code parts a cell in two.
  if (raw.split('\n').some((line) => cellsIn(line) > header.length)) return raw.trimEnd()
  const cells = [header, ...rows].map((row) => row.map(({ tokens }) => inlines(tokens)))
  const widths = header.map((_, at) => Math.max(...cells.map((row) => widthOf(row[at] ?? ''))))
  const most = fitted(widths, width - 1 - header.length * 3)
  if (most === undefined) return rows.length > 0 ? records(cells) : raw.trimEnd()
  const [head = [], ...body] = cells.map((row) => row.map((cell) => wrap(cell, most, true)))
  const drawn = new Table({
    head: head.map((cell) => paint('bold', cell)),
    style: { head: [], border: [], compact: true },
    colAligns: align.map((side) => side ?? 'left'),
  })
  drawn.push(...body)
  return drawn.toString()
}

const cellsIn = (line: string) =>
  line
    .trim()
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .split(/(?<!\\)\|/).length

const widthOf = (text: string) => Math.max(...text.split('\n').map((line) => truncatedWidth(line).width))

/** How wide a cell may be, so that all columns have room, if they can have it. */
function fitted(widths: number[], room: number): number | undefined {
  for (let most = Math.max(...widths, NARROWEST_CELL); most >= NARROWEST_CELL; most--)
    if (widths.reduce((sum, width) => sum + Math.min(width, most), 0) <= room) return most
  return undefined
}

/** A table that is too wide: each row as lines of its own, a cell a line. */
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
      return token.tokens ? inlines(token.tokens) : harmless(decodeHTMLStrict(token.text))
    default:
      return token.raw
  }
}

/** Where it leads is always seen: a reply may come from anybody. */
function link({ raw, href, title, tokens }: Tokens.Link): string {
  const inner = inlines(tokens)
  const text = paint('underline', inner)
  if (!raw.startsWith('[') || (href === inner && !title)) return text
  return `${text} (${paint('blue', harmless(href))}${title ? ` ${harmless(JSON.stringify(title))}` : ''})`
}

/** Text of Chinese, say, in which the library would look for a space too long; the terminal breaks it too. */
const ENDLESS = /\S{1000}/

/** Text that holds a link is broken at spaces alone, so that it can still be followed. */
const wrap = (text: string, width: number, hard = !text.includes('://')) =>
  ENDLESS.test(text) ? text : wrapAnsi(text, Math.max(width, NARROWEST_CELL), { hard })

const prefix = (text: string, mark: string) => withoutMarks(text).replace(/^/gm, mark)

const indent = (text: string, space: string) => text.replace(INDENTED, space)
