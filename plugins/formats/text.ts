import { stripVTControlCharacters, styleText } from 'node:util'
import { escapeControls, localTime, type Message, measureAny, oneLine, type Session, type View } from 'ainative-code'
import { type ToolDetail, toolLines } from './tools.ts'

const RULE = 41
/** The maximum width of a rule on a terminal, in columns; the same as that of rendered text. */
const MAX_WIDTH = 100
const SECONDS = 'yyyy-MM-dd HH:mm:ss'

/** The lines of the header, as [name, value]. */
export const headerOf = (session: Session): [string, string][] => [
  ['Session', session.title],
  ['ID', session.id],
  ['Created', localTime(session.created_at, SECONDS)],
  ['Last Updated', localTime(session.updated_at, SECONDS)],
  ...(session.provider === null ? [] : [['Provider', session.provider] as [string, string]]),
  ...(session.model === null ? [] : [['Model', session.model] as [string, string]]),
  ['Messages', String(session.message_count)],
]

/** Pages of messages, from a store or already in memory. */
export type Pages = Iterable<Message[]> | AsyncIterable<Message[]>

/** Formats a role with a capital letter, such as `User`. */
export const roleName = (role: string) => role.charAt(0).toUpperCase() + role.slice(1)

/** Formats the time of a message, and whether the message is partial or hidden. */
export const messageTime = ({ timestamp, state, hidden }: Message, format: string) =>
  `${localTime(timestamp, format)}${state === 'partial' ? ', partial' : ''}${hidden ? ', hidden' : ''}`

/** Additional output for messages. */
export interface Marks {
  /** Adds the seq to the heading of each message. */
  numbered?: boolean
  /** The seq of the message to mark with an arrow. */
  at?: number
  /** The form of tool calls and results; undefined to omit them. */
  tools?: ToolDetail
}

/** The mark before the heading of a message. */
export const markOf = ({ seq }: Message, { numbered, at }: Marks) => (numbered ? `${seq === at ? '> ' : ''}#${seq} ` : '')

type Style = Parameters<typeof styleText>[0]

const painter =
  ({ color }: View) =>
  (style: Style, text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text

/**
 * Writes a session as text. On a terminal, the header has more fields, and with color the Markdown of replies is rendered. User messages
 * are never rendered, because they may be code.
 */
export async function* textOf(session: Session, pages: Pages | undefined, view: View, marks: Marks = {}): AsyncIterable<string> {
  const style = painter(view)
  const header = headerLines(session, view)
  yield header.map(([name, value]) => `${style('bold', `${name}:`)} ${value}\n`).join('')
  if (!pages) return
  const body = await bodyOf(view, marks)
  const rule = await ruleOf(header, pages, view, marks)
  yield `\n${rule}\n\n`
  for await (const page of pages) {
    for (const message of page) {
      const { role } = message
      const title = style(
        role === 'user' ? 'green' : 'cyan',
        `${markOf(message, marks)}[${roleName(role)} - ${messageTime(message, 'HH:mm:ss')}]`,
      )
      const lines = marks.tools ? toolLines(message, marks.tools).map((line) => style('dim', line)) : []
      const content = body(message)
      yield `${title}\n${lines.length > 0 && content !== '' ? `${content}\n\n` : content}${lines.join('\n')}\n\n`
    }
  }
  yield `${rule}\n`
}

/** The lines of the header; on a terminal also the tags, the project and the status. */
function headerLines(session: Session, view: View): [string, string][] {
  if (!view.interactive) return headerOf(session)
  const style = painter(view)
  const { project, pinned } = session.metadata
  const safe = ([name, value]: [string, string]): [string, string] => [name, oneLine(value)]
  const [title, id, ...rest] = headerOf(session).map(safe) as [[string, string], [string, string]]
  const more: [string, string][] = [['Status', `${session.status}${pinned === true ? ', pinned' : ''}`]]
  if (typeof project === 'string') more.push(safe(['Project', project]))
  if (session.tags.length > 0) more.push(['Tags', session.tags.map((tag) => style('cyan', oneLine(tag))).join(', ')])
  return [title, id, ...more, ...rest]
}

/** The line between messages: of fixed width, or on a terminal as wide as the text. */
async function ruleOf(header: [string, string][], pages: Pages, view: View, marks: Marks): Promise<string> {
  const sign = view.ascii ? '-' : '─'
  if (!view.interactive) return sign.repeat(RULE)
  const maxWidth = Math.min(view.width, MAX_WIDTH)
  if (!(Symbol.iterator in pages)) return sign.repeat(Math.min(RULE, maxWidth))
  return sign.repeat(await measureLines(linesOf(header, pages, marks), maxWidth))
}

function* linesOf(header: [string, string][], pages: Iterable<Message[]>, { tools }: Marks): Iterable<string> {
  for (const [name, value] of header) yield stripVTControlCharacters(`${name}: ${value}`)
  for (const page of pages) {
    for (const message of page) {
      yield* message.content.split('\n')
      if (tools) yield* toolLines(message, tools)
    }
  }
}

/** The width of the widest line in columns, up to `maxWidth`. */
async function measureLines(lines: Iterable<string>, maxWidth: number): Promise<number> {
  const measure = await measureAny()
  let width = 0
  for (const line of lines) {
    // A character has at most two columns.
    if (line.length * 2 <= width) continue
    const part = line.slice(0, 4 * maxWidth)
    const { width: lineWidth, index } = measure(part, maxWidth)
    if (index < part.length || part.length < line.length) return maxWidth
    width = Math.max(width, lineWidth)
  }
  return width
}

/** The number of lines of a tool message to show on a terminal without --full. */
const TOOL_LINES = 10

async function bodyOf(view: View, { tools }: Marks): Promise<(message: Message) => string> {
  if (!view.interactive) return ({ content }) => content
  const plainText = ({ role, content }: Message) => escapeControls(role === 'tool' && tools === 'short' ? firstLines(content) : content)
  if (!view.color) return plainText
  const { createMarkdownRenderer } = await import('./markdown-renderer.ts')
  return (message) => {
    if (message.role !== 'assistant') return plainText(message)
    const renderer = createMarkdownRenderer(() => view.width)
    return renderer.add(escapeControls(message.content)) + renderer.end()
  }
}

function firstLines(text: string): string {
  const lines = text.split('\n')
  if (lines.length <= TOOL_LINES) return text
  return `${lines.slice(0, TOOL_LINES).join('\n')}\n(${lines.length - TOOL_LINES} more lines; --full shows them)`
}
