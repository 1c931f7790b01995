import { type Context, defineCommand, nearest, Selection, type Store, splitTags, usage } from 'ainative-code'
import * as z from 'zod'
import { firstTarget, plural } from './targets.ts'

const input = Selection().extend({
  words: z
    .array(z.string())
    .default([])
    .meta({ value: 'id tag', complete: ['id', 'tags'] }),
})
type Input = z.output<typeof input>

/** The sessions and the words for tags, at least one of each word not blank. */
async function tagTargets(context: Context, command: string, { words, ...selection }: Input) {
  const { ids, rest } = await firstTarget(context, command, words, selection)
  if (rest.length === 0) throw usage(`${command} needs a tag`, `ainative-code ${command} --help`)
  const blank = rest.find((word) => splitTags(word).length === 0)
  if (blank !== undefined) throw usage(`a tag cannot be blank: ${JSON.stringify(blank)}`)
  return { ids, words: rest }
}

const tagsIn = (word: string) => (word.includes(',') ? splitTags(word) : [word])

const about = ({ ids, tags }: { ids: string[]; tags: string[] }) =>
  `${ids.length === 1 ? ids[0] : plural(ids.length)}: ${tags.join(', ')}\n`

export const tag = defineCommand({
  name: 'session tag',
  summary: 'Add tags',
  group: 'Sessions',
  argvAliases: ['sessions tag'],
  writes: true,
  fields: ['ids', 'tags'],
  args: ['words'],
  input,
  examples: ['ainative-code session tag abc123def456 go,rest-api', 'ainative-code session tag --project myapp done'],
  async run(given, context) {
    const { ids, words } = await tagTargets(context, 'session tag', given)
    const tags = words.flatMap(tagsIn)
    await (await context.host.store()).save(ids.map((id) => ({ id, addTags: tags })))
    return { ids, tags }
  },
  print: (data) => `Tagged ${about(data)}`,
})

export const untag = defineCommand({
  name: 'session untag',
  summary: 'Remove tags',
  group: 'Sessions',
  argvAliases: ['sessions untag'],
  writes: true,
  fields: ['ids', 'tags'],
  args: ['words'],
  input,
  async run(given, context) {
    const { ids, words } = await tagTargets(context, 'session untag', given)
    const store = await context.host.store()
    const has = async (tag: string) => (await store.count({ and: [{ ids }, { tag }] })) > 0
    const tags: string[] = []
    for (const word of words) {
      // A tag of an import may hold a comma.
      for (const each of (await has(word)) ? [word] : tagsIn(word)) {
        if (await has(each)) tags.push(each)
        else context.note(await absent(store, ids, each))
      }
    }
    if (tags.length > 0) await store.save(ids.map((id) => ({ id, removeTags: tags })))
    return { ids, tags }
  },
  print: (data) => (data.tags.length > 0 ? `Untagged ${about(data)}` : ''),
})

/** A note that no session has the tag, with the nearest one that the only session has. */
async function absent(store: Store, ids: string[], tag: string): Promise<string> {
  const [id = ''] = ids
  if (ids.length !== 1) return `none of ${plural(ids.length)} has the tag ${JSON.stringify(tag)}`
  const close = nearest(tag, (await store.get(id))?.tags ?? [])
  return `${id} has no tag ${JSON.stringify(tag)}${close ? `; did you mean ${JSON.stringify(close)}?` : ''}`
}
