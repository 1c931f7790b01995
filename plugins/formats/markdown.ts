import { escapeControls, type Message, type Session, type View } from 'ainative-code'
import { headerOf, type Marks, markOf, messageTime, type Pages, roleName } from './text.ts'
import { toolLines } from './tools.ts'

/** Writes a session as Markdown: the title, the header as a list, and one section per message. */
export async function* markdownOf(session: Session, pages: Pages | undefined, view: View, marks: Marks = {}): AsyncIterable<string> {
  const safe = view.interactive ? escapeControls : (text: string) => text
  const tags = session.tags.length > 0 ? [['Tags', session.tags.join(', ')]] : []
  const items = [...headerOf(session).slice(1), ...tags].map(([name, value]) => `- **${name}:** ${value}\n`)
  yield safe(`# ${session.title.replace(/\s+/g, ' ')}\n\n${items.join('')}`)
  for await (const page of pages ?? []) {
    for (const message of page) {
      yield safe(
        `\n## ${markOf(message, marks)}${roleName(message.role)} (${messageTime(message, 'yyyy-MM-dd HH:mm:ss')})\n\n${message.content}\n${toolBlock(message, marks)}`,
      )
    }
  }
}

/** The tool calls and results of a message, as indented code. */
function toolBlock(message: Message, { tools }: Marks): string {
  const lines = tools ? toolLines(message, tools) : []
  return lines.length === 0 ? '' : `\n${lines.join('\n').replace(/^/gm, '    ')}\n`
}
