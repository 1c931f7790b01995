import { type Change, type Context, defineCommand, plural, Selection } from 'ainative-code'
import * as z from 'zod'
import { findTargets } from './targets.ts'

const Input = Selection().extend({ ids: z.array(z.string()).default([]).meta({ value: 'id' }) })

async function save(context: Context, command: string, { ids: words, ...selection }: z.output<typeof Input>, change: Omit<Change, 'id'>) {
  const ids = await findTargets(context, command, words, selection)
  await (await context.host.store()).save(ids.map((id) => ({ id, ...change })))
  return { ids }
}

const describe = (ids: string[]) => (ids.length === 1 ? ids[0] : plural(ids.length, 'session'))

/** The command `session pin`. */
export const pin = defineCommand({
  name: 'session pin',
  summary: 'Pin sessions to the top of lists',
  group: 'Sessions',
  argvAliases: ['sessions pin'],
  writes: true,
  fields: ['ids'],
  args: ['ids'],
  input: Input,
  run: (input, context) => save(context, 'session pin', input, { setMeta: { pinned: true } }),
  print: ({ ids }) => `Pinned ${describe(ids)}\n`,
})

/** The command `session unpin`. */
export const unpin = defineCommand({
  name: 'session unpin',
  summary: 'Unpin sessions',
  group: 'Sessions',
  argvAliases: ['sessions unpin'],
  writes: true,
  fields: ['ids'],
  args: ['ids'],
  input: Input,
  run: (input, context) => save(context, 'session unpin', input, { unsetMeta: ['pinned'] }),
  print: ({ ids }) => `Unpinned ${describe(ids)}\n`,
})
