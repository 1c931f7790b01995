import { harmless, localTime, type Session, type View } from 'ainative-code'
import { headerOf, type Pages, roleName } from './text.ts'

/** A document: the title, the header as a list, a section a message. */
export async function* markdownOf(session: Session, pages: Pages | undefined, view: View): AsyncIterable<string> {
  const safe = view.interactive ? harmless : (text: string) => text
  const tags = session.tags.length > 0 ? [['Tags', session.tags.join(', ')]] : []
  const items = [...headerOf(session).slice(1), ...tags].map(([name, value]) => `- **${name}:** ${value}\n`)
  yield safe(`# ${session.title.replace(/\s+/g, ' ')}\n\n${items.join('')}`)
  for await (const page of pages ?? []) {
    for (const { role, timestamp, content } of page) {
      yield safe(`\n## ${roleName(role)} (${localTime(timestamp, 'yyyy-MM-dd HH:mm:ss')})\n\n${content}\n`)
    }
  }
}
