import { styleText } from 'node:util'
import { harmless, localTime, type Message, oneLine, type Session, type View } from 'ainative-code'

const RULE = '─'.repeat(41)
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

/** What stands before the heading of each message: its seq, with an arrow where it is the one asked for. */
export interface Marks {
  numbered?: boolean
  at?: number
}

export const markOf = ({ seq }: Message, { numbered, at }: Marks) => (numbered ? `${seq === at ? '> ' : ''}#${seq} ` : '')

/** The guide's text form; on a terminal with colours and with the Markdown of replies rendered; what a person typed may be code. */
export async function* textOf(session: Session, pages: Pages | undefined, view: View, marks: Marks = {}): AsyncIterable<string> {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    view.color ? styleText(format, text, { validateStream: false }) : text
  const safe = view.interactive ? oneLine : (text: string) => text
  yield headerOf(session)
    .map(([name, value]) => `${style('bold', `${name}:`)} ${safe(value)}\n`)
    .join('')
  if (!pages) return
  yield `\n${RULE}\n\n`
  const body = await bodyOf(view)
  for await (const page of pages) {
    for (const message of page) {
      const { role } = message
      const title = style(
        role === 'user' ? 'green' : 'cyan',
        `${markOf(message, marks)}[${roleName(role)} - ${saidAt(message, 'HH:mm:ss')}]`,
      )
      yield `${title}\n${body(message)}\n\n`
    }
  }
  yield `${RULE}\n`
}

async function bodyOf(view: View): Promise<(message: Message) => string> {
  if (!view.interactive) return ({ content }) => content
  if (!view.color) return ({ content }) => harmless(content)
  const { createBlocks } = await import('./blocks.ts')
  return ({ role, content }) => {
    if (role !== 'assistant') return harmless(content)
    const blocks = createBlocks(view.width)
    return blocks.add(harmless(content)) + blocks.end()
  }
}
