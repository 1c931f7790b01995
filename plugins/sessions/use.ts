import { defineCommand, findId, isoTime } from 'ainative-code'
import * as z from 'zod'

/** The command `session use`. */
export const use = defineCommand({
  name: 'session use',
  summary: 'Make a session the active one',
  group: 'Sessions',
  argvAliases: ['sessions use'],
  writes: true,
  fields: ['id', 'title'],
  args: ['id'],
  input: z.object({ id: z.string().meta({ complete: 'id' }) }),
  async run({ id: word }, context) {
    const id = await findId(context, word)
    const store = await context.host.store()
    await store.save([{ id, set: { activated_at: isoTime(Date.now()) } }])
    return { id, title: (await store.get(id))?.title }
  },
  print: (data) => `${data.id} is now the active session: ${data.title}\n`,
})
