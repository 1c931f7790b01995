import { type Context, defineCommand, Selection, usage } from 'ainative-code'
import * as z from 'zod'
import { firstTarget, plural } from './targets.ts'

const input = Selection().extend({
  words: z
    .array(z.string())
    .default([])
    .meta({ value: 'id tag', complete: ['id', 'tag'] }),
})

async function retag(context: Context, command: string, { words, ...selection }: z.output<typeof input>, field: 'addTags' | 'removeTags') {
  const { ids, rest: tags } = await firstTarget(context, command, words, selection)
  if (tags.length === 0) throw usage(`${command} needs a tag`, `ainative-code ${command} --help`)
  const blank = tags.find((tag) => tag.trim() === '')
  if (blank !== undefined) throw usage(`a tag cannot be blank: ${JSON.stringify(blank)}`)
  await (await context.host.store()).save(ids.map((id) => ({ id, [field]: tags })))
  return { ids, tags }
}

const about = ({ ids, tags }: { ids: string[]; tags: string[] }) =>
  `${ids.length === 1 ? ids[0] : plural(ids.length)}: ${tags.join(', ')}\n`

export const tag = defineCommand({
  name: 'session tag',
  summary: 'Add tags',
  writes: true,
  args: ['words'],
  input,
  examples: ['ainative-code session tag abc123def456 go rest-api', 'ainative-code session tag --project myapp done'],
  run: (given, context) => retag(context, 'session tag', given, 'addTags'),
  print: (data) => `Tagged ${about(data)}`,
})

export const untag = defineCommand({
  name: 'session untag',
  summary: 'Remove tags',
  writes: true,
  args: ['words'],
  input,
  run: (given, context) => retag(context, 'session untag', given, 'removeTags'),
  print: (data) => `Untagged ${about(data)}`,
})
