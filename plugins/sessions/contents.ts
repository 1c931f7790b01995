import { type Message, Problem, type Session } from 'ainative-code'
import { codeIn } from '../formats/index.ts'

const ended = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

/** The contents of messages as they are, an empty line between two. */
export const contentsOf = (messages: Message[]) => messages.flatMap(({ content }) => ended(content) || []).join('\n')

/** The blocks of code of messages as they are, an empty line between two. Throws a Problem where there are none. */
export async function codeOf({ id }: Pick<Session, 'id'>, messages: Message[]): Promise<string> {
  const blocks: string[] = []
  for (const { content } of messages) for (const { text } of await codeIn(content)) blocks.push(ended(text))
  if (blocks.length > 0) return blocks.join('\n')
  throw new Problem('no-code', `no message shown of ${id} has a block of code`, { hint: `ainative-code session show ${id} --raw` })
}
