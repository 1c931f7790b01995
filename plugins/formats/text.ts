import { stripVTControlCharacters, styleText } from 'node:util'
import { harmless, localTime, type Message, measureAny, oneLine, type Session, type View } from 'ainative-code'
import { type Tools, toolLines } from './tools.ts'

const RULE = 41
/** Columns of a rule on a terminal at most, which are those of rendered text. */
const WIDEST = 100
const SECONDS = 'yyyy-MM-dd HH:mm:ss'

/** Lines of the guide's header, as [name, value]. */
export const headerOf = (session: Session): [string, string][] => [
  ['Session', session.title],
  ['ID', session.id],
  ['Created', localTime(session.created_at, SECONDS)],
  ['Last Updated', localTime(session.updated_at, SECONDS)],
  ...(session.provider === null ? [] : [['Provider', session.provider] as [string, string]]),
  ...(session.model === null ? [] : [['Model', session.model] as [string, string]]),
  ['Messages', String(session.message_count)],
]

/** Messages as a store gives them, or as they were read. */
export type Pages = Iterable<Message[]> | AsyncIterable<Message[]>

export const roleName = (role: string) => role.charAt(0).toUpperCase() + role.slice(1)

/** When it was said, and whether its end is missing or it is hidden. */
export const saidAt = ({ timestamp, state, hidden }: Message, format: string) =>
  `${localTime(timestamp, format)}${state === 'partial' ? ', partial' : ''}${hidden ? ', hidden' : ''}`

/** What stands before the heading of each message, its seq with an arrow where it is the one asked for, and what below its content. */
export interface Marks {
  numbered?: boolean
  at?: number
  /** How tool calls and results are shown, if they are. */
  tools?: Tools
}

export const markOf = ({ seq }: Message, { numbered, at }: Marks) => (numbered ? `${seq === at ? '> ' : ''}#${seq} ` : '')

type Style = Parameters<typeof styleText>[0]

const painter =
  ({ color }: View) =>
  (style: Style, text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text

/** The guide's text form; on a terminal with more of the session, colours and the Markdown of replies rendered; what a person typed may be code. */
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
        `${markOf(message, marks)}[${roleName(role)} - ${saidAt(message, 'HH:mm:ss')}]`,
      )
      const lines = marks.tools ? toolLines(message, marks.tools).map((line) => style('dim', line)) : []
      const content = body(message)
      yield `${title}\n${lines.length > 0 && content !== '' ? `${content}\n\n` : content}${lines.join('\n')}\n\n`
    }
  }
  yield `${rule}\n`
}

/** The guide's lines, and on a terminal the tags, the project and the status as well. */
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

/** A rule of the guide's width; on a terminal as wide as the text. */
async function ruleOf(header: [string, string][], pages: Pages, view: View, marks: Marks): Promise<string> {
  const sign = view.ascii ? '-' : '─'
  if (!view.interactive) return sign.repeat(RULE)
  const most = Math.min(view.width, WIDEST)
  if (!(Symbol.iterator in pages)) return sign.repeat(Math.min(RULE, most))
  return sign.repeat(await widest(linesOf(header, pages, marks), most))
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

/** The columns of the widest line, at most so many. */
async function widest(lines: Iterable<string>, most: number): Promise<number> {
  const measure = await measureAny()
  let width = 0
  for (const line of lines) {
    // A character takes two columns at most.
    if (line.length * 2 <= width) continue
    const part = line.slice(0, 4 * most)
    const { width: own, index } = measure(part, most)
    if (index < part.length || part.length < line.length) return most
    width = Math.max(width, own)
  }
  return width
}

/** Lines of what a tool said that are shown on a terminal, unless all are asked for. */
const TOOL_LINES = 10

async function bodyOf(view: View, { tools }: Marks): Promise<(message: Message) => string> {
  if (!view.interactive) return ({ content }) => content
  const plain = ({ role, content }: Message) => harmless(role === 'tool' && tools === 'short' ? beginning(content) : content)
  if (!view.color) return plain
  const { createBlocks } = await import('./blocks.ts')
  return (message) => {
    if (message.role !== 'assistant') return plain(message)
    const blocks = createBlocks(() => view.width)
    return blocks.add(harmless(message.content)) + blocks.end()
  }
}

function beginning(text: string): string {
  const lines = text.split('\n')
  if (lines.length <= TOOL_LINES) return text
  return `${lines.slice(0, TOOL_LINES).join('\n')}\n(${lines.length - TOOL_LINES} more lines; --full shows them)`
}
