import { defineCommand, plural, Selection } from 'ainative-code'
import * as z from 'zod'
import { findTargets } from './targets.ts'

/** The command `session restore`. */
export const restore = defineCommand({
  name: 'session restore',
  summary: 'Restore sessions from the trash',
  group: 'Sessions',
  argvAliases: ['sessions restore'],
  writes: true,
  fields: ['restored'],
  args: ['ids'],
  input: Selection().extend({ ids: z.array(z.string()).default([]).meta({ value: 'id', complete: 'trashed' }) }),
  async run({ ids: words, ...selection }, context) {
    const ids = await findTargets(context, 'session restore', words, selection, 'trash')
    await (await context.host.store()).save(ids.map((id) => ({ id, set: { deleted_at: null } })))
    return { restored: ids }
  },
  print: ({ restored }) => `Restored ${restored.length === 1 ? restored[0] : plural(restored.length, 'session')}\n`,
})
