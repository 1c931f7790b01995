import { copyText, defineCommand, findId, flag, Problem, plural } from 'ainative-code'
import * as z from 'zod'
import { codeOf } from './contents.ts'
import { lastReply } from './last-messages.ts'

/** The command `session copy`. */
export const copy = defineCommand({
  name: 'session copy',
  summary: 'Copy the last reply to the clipboard',
  group: 'Sessions',
  argvAliases: ['sessions copy'],
  writes: true,
  fields: ['id', 'seq', 'characters', 'clipboard'],
  args: ['id'],
  input: z.object({
    id: z.string().default('last').describe('Session; last means the most recently used').meta({ complete: 'id' }),
    code: flag('Copy only the code blocks of the reply'),
  }),
  examples: ['ainative-code session copy', 'ainative-code session copy abc123def456 --code'],
  async run({ id: word, code }, context) {
    const id = await findId(context, word)
    const store = await context.host.store()
    const session = await store.get(id)
    const reply = session && (await lastReply(store, session))
    if (!reply) throw new Problem('no-message', `${id} has no reply to copy`, { hint: `ainative-code session show ${id}` })
    const text = code ? await codeOf({ id }, [reply]) : reply.content
    const printer = `ainative-code session show ${id} --around ${reply.seq} --context 0 --${code ? 'code' : 'raw'}`
    const clipboard = await copyText(text, context, printer)
    return { id, seq: reply.seq, characters: text.length, clipboard }
  },
  print: ({ id, characters, clipboard }) =>
    `Copied ${plural(characters, 'character')} of ${id} with ${clipboard === 'terminal' ? 'the terminal (OSC 52)' : clipboard}\n`,
})
