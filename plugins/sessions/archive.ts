import { type Context, defineCommand, plural, Selection, type Status } from 'ainative-code'
import * as z from 'zod'
import { findTargets } from './targets.ts'

const Input = Selection().extend({ ids: z.array(z.string()).default([]).meta({ value: 'id' }) })

async function setStatus(context: Context, command: string, { ids: words, ...selection }: z.output<typeof Input>, status: Status) {
  const ids = await findTargets(context, command, words, selection)
  await (await context.host.store()).save(ids.map((id) => ({ id, set: { status } })))
  return { ids, status }
}

const describe = (ids: string[]) => (ids.length === 1 ? ids[0] : plural(ids.length, 'session'))

/** The command `session archive`. */
export const archive = defineCommand({
  name: 'session archive',
  summary: 'Archive sessions; lists omit archived sessions',
  group: 'Sessions',
  argvAliases: ['sessions archive'],
  writes: true,
  fields: ['ids', 'status'],
  args: ['ids'],
  input: Input,
  run: (input, context) => setStatus(context, 'session archive', input, 'archived'),
  print: ({ ids }) => `Archived ${describe(ids)}\n`,
})

/** The command `session unarchive`. */
export const unarchive = defineCommand({
  name: 'session unarchive',
  summary: 'Make archived sessions active again',
  group: 'Sessions',
  argvAliases: ['sessions unarchive'],
  writes: true,
  fields: ['ids', 'status'],
  args: ['ids'],
  input: Input,
  run: (input, context) => setStatus(context, 'session unarchive', input, 'active'),
  print: ({ ids }) => `Unarchived ${describe(ids)}\n`,
})
