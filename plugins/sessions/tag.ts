import { type Context, defineCommand, nearest, plural, Selection, type Store, splitTags, usage } from 'ainative-code'
import * as z from 'zod'
import { findFirstTarget } from './targets.ts'

const Input = Selection().extend({
  words: z
    .array(z.string())
    .default([])
    .meta({ value: 'id tag', complete: ['id', 'tags'] }),
})
type Input = z.output<typeof Input>

/** Splits the words into sessions and tags. Throws a Problem if there is no tag, or a tag is blank. */
async function findTagTargets(context: Context, command: string, { words, ...selection }: Input) {
  const { ids, rest } = await findFirstTarget(context, command, words, selection)
  if (rest.length === 0) throw usage(`${command} requires a tag`, `ainative-code ${command} --help`)
  const blank = rest.find((word) => splitTags(word).length === 0)
  if (blank !== undefined) throw usage(`a tag cannot be blank: ${JSON.stringify(blank)}`)
  return { ids, words: rest }
}

const tagsIn = (word: string) => (word.includes(',') ? splitTags(word) : [word])

const describe = ({ ids, tags }: { ids: string[]; tags: string[] }) =>
  `${ids.length === 1 ? ids[0] : plural(ids.length, 'session')}: ${tags.join(', ')}\n`

/** The command `session tag`. */
export const tag = defineCommand({
  name: 'session tag',
  summary: 'Add tags',
  group: 'Sessions',
  argvAliases: ['sessions tag'],
  writes: true,
  fields: ['ids', 'tags'],
  args: ['words'],
  input: Input,
  examples: ['ainative-code session tag abc123def456 go,rest-api', 'ainative-code session tag --project myapp done'],
  async run(input, context) {
    const { ids, words } = await findTagTargets(context, 'session tag', input)
    const tags = words.flatMap(tagsIn)
    await (await context.host.store()).save(ids.map((id) => ({ id, addTags: tags })))
    return { ids, tags }
  },
  print: (data) => `Tagged ${describe(data)}`,
})

/** The command `session untag`. */
export const untag = defineCommand({
  name: 'session untag',
  summary: 'Remove tags',
  group: 'Sessions',
  argvAliases: ['sessions untag'],
  writes: true,
  fields: ['ids', 'tags'],
  args: ['words'],
  input: Input,
  async run(input, context) {
    const { ids, words } = await findTagTargets(context, 'session untag', input)
    const store = await context.host.store()
    const has = async (tag: string) => (await store.count({ and: [{ ids }, { tag }] })) > 0
    const tags: string[] = []
    for (const word of words) {
      // A tag from an import may contain a comma.
      for (const each of (await has(word)) ? [word] : tagsIn(word)) {
        if (await has(each)) tags.push(each)
        else context.note(await missingTagNote(store, ids, each))
      }
    }
    if (tags.length > 0) await store.save(ids.map((id) => ({ id, removeTags: tags })))
    return { ids, tags }
  },
  print: (data) => (data.tags.length > 0 ? `Untagged ${describe(data)}` : ''),
})

/** The note that no session has a tag. For a single session, the note suggests its closest tag. */
async function missingTagNote(store: Store, ids: string[], tag: string): Promise<string> {
  const [id = ''] = ids
  if (ids.length !== 1) return `none of the ${plural(ids.length, 'session')} has the tag ${JSON.stringify(tag)}`
  const close = nearest(tag, (await store.get(id))?.tags ?? [])
  return `${id} has no tag ${JSON.stringify(tag)}${close ? `; did you mean ${JSON.stringify(close)}?` : ''}`
}
