import { defineCommand, Title, usage } from 'ainative-code'
import * as z from 'zod'
import { findFirstTarget } from './targets.ts'

/** The command `session rename`. */
export const rename = defineCommand({
  name: 'session rename',
  summary: 'Change the title of a session',
  group: 'Sessions',
  argvAliases: ['sessions rename'],
  writes: true,
  fields: ['id', 'title'],
  args: ['id', 'title'],
  input: z.object({ id: z.string().meta({ complete: 'id' }), title: Title() }),
  async run({ id, title }, context) {
    const { ids } = await findFirstTarget(context, 'session rename', [id])
    if (ids.length > 1) throw usage(`session rename takes one session, but standard input lists ${ids.length}`)
    await (await context.host.store()).save(ids.map((each) => ({ id: each, set: { title } })))
    return { id: ids[0], title }
  },
  print: (data) => `Renamed ${data.id} to ${JSON.stringify(data.title)}\n`,
})
