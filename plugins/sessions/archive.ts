import { type Context, defineCommand, Selection, type Status } from 'ainative-code'
import * as z from 'zod'
import { plural, targets } from './targets.ts'

const input = Selection().extend({ ids: z.array(z.string()).default([]).meta({ value: 'id' }) })

async function setStatus(context: Context, command: string, { ids: words, ...selection }: z.output<typeof input>, status: Status) {
  const ids = await targets(context, command, words, selection)
  await (await context.host.store()).save(ids.map((id) => ({ id, set: { status } })))
  return { ids, status }
}

const about = (ids: string[]) => (ids.length === 1 ? ids[0] : plural(ids.length))

export const archive = defineCommand({
  name: 'session archive',
  summary: 'Archive sessions: list hides them',
  group: 'Sessions',
  argvAliases: ['sessions archive'],
  writes: true,
  fields: ['ids', 'status'],
  args: ['ids'],
  input,
  run: (given, context) => setStatus(context, 'session archive', given, 'archived'),
  print: ({ ids }) => `Archived ${about(ids)}\n`,
})

export const unarchive = defineCommand({
  name: 'session unarchive',
  summary: 'Make archived sessions active again',
  group: 'Sessions',
  argvAliases: ['sessions unarchive'],
  writes: true,
  fields: ['ids', 'status'],
  args: ['ids'],
  input,
  run: (given, context) => setStatus(context, 'session unarchive', given, 'active'),
  print: ({ ids }) => `Unarchived ${about(ids)}\n`,
})
