import { type Change, type Context, defineCommand, Selection } from 'ainative-code'
import * as z from 'zod'
import { plural, targets } from './targets.ts'

const input = Selection().extend({ ids: z.array(z.string()).default([]).meta({ value: 'id' }) })

async function patch(context: Context, command: string, { ids: words, ...selection }: z.output<typeof input>, change: Omit<Change, 'id'>) {
  const ids = await targets(context, command, words, selection)
  await (await context.host.store()).save(ids.map((id) => ({ id, ...change })))
  return { ids }
}

const about = (ids: string[]) => (ids.length === 1 ? ids[0] : plural(ids.length))

export const pin = defineCommand({
  name: 'session pin',
  summary: 'Pin sessions: lists show them first',
  group: 'Sessions',
  argvAliases: ['sessions pin'],
  writes: true,
  fields: ['ids'],
  args: ['ids'],
  input,
  run: (given, context) => patch(context, 'session pin', given, { setMeta: { pinned: true } }),
  print: ({ ids }) => `Pinned ${about(ids)}\n`,
})

export const unpin = defineCommand({
  name: 'session unpin',
  summary: 'Unpin sessions',
  group: 'Sessions',
  argvAliases: ['sessions unpin'],
  writes: true,
  fields: ['ids'],
  args: ['ids'],
  input,
  run: (given, context) => patch(context, 'session unpin', given, { unsetMeta: ['pinned'] }),
  print: ({ ids }) => `Unpinned ${about(ids)}\n`,
})
