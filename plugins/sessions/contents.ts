import { type Message, Problem, type Session } from 'ainative-code'
import { codeIn } from '../formats/index.ts'

const withNewline = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

/** Joins the contents of messages unchanged, separated by empty lines. */
export const contentsOf = (messages: Message[]) => messages.flatMap(({ content }) => withNewline(content) || []).join('\n')

/** Joins the code blocks of messages unchanged, separated by empty lines. Throws a Problem if the messages have no code block. */
export async function codeOf({ id }: Pick<Session, 'id'>, messages: Message[]): Promise<string> {
  const blocks: string[] = []
  for (const { content } of messages) for (const { text } of await codeIn(content)) blocks.push(withNewline(text))
  if (blocks.length > 0) return blocks.join('\n')
  throw new Problem('no-code', `no selected message of ${id} has a code block`, { hint: `ainative-code session show ${id} --raw` })
}
