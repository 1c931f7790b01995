import { type Context, defineCommand, findId, type Json, localTime, rowTime, table } from 'ainative-code'
import * as z from 'zod'

/** The command `session outline`. */
export const outline = defineCommand({
  name: 'session outline',
  summary: 'List your messages in a session',
  group: 'Sessions',
  argvAliases: ['sessions outline'],
  writes: false,
  args: ['id'],
  input: z.object({ id: z.string().meta({ complete: 'id' }) }),
  formats: ['table', 'json', 'jsonl'],
  examples: ['ainative-code session outline abc123def456', 'ainative-code session show abc123def456 --around 12'],
  run: ({ id }, context) => rows(id, context),
  print: (messages, view) =>
    table(
      messages,
      [
        { title: 'SEQ', value: (row) => row.seq as number },
        { title: 'TIME', value: (row) => localTime(row.timestamp as string) },
        { title: 'MESSAGE', value: (row) => row.line as string, flexible: true },
      ],
      view,
    ),
})

async function* rows(word: string, context: Context): AsyncIterable<Json> {
  const { host, note } = context
  const id = await findId(context, word)
  let isEmpty = true
  for await (const page of (await host.store()).messages({ id }, { visible: true })) {
    for (const { seq, id: message, role, timestamp, content } of page) {
      if (role !== 'user') continue
      isEmpty = false
      yield { seq, message, timestamp: rowTime(timestamp), line: firstLine(content) }
    }
  }
  if (isEmpty) note(`${id} has no user messages`)
}

/** The first line of a text that is not blank. */
const firstLine = (text: string) => /\S[^\r\n]*/.exec(text)?.[0] ?? ''
