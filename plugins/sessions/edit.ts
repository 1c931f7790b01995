import { type Context, defineCommand, editor, Problem, type Session, usage } from 'ainative-code'
import * as z from 'zod'
import { changeOf, toYaml } from './edit-text.ts'
import { firstTarget } from './targets.ts'

export const edit = defineCommand({
  name: 'session edit',
  summary: 'Change title, tags and metadata in $EDITOR',
  group: 'Sessions',
  argvAliases: ['sessions edit'],
  writes: true,
  fields: ['id', 'changed'],
  args: ['id'],
  input: z.object({ id: z.string().meta({ complete: 'id' }) }),
  examples: ['ainative-code session edit abc123def456', 'EDITOR="code --wait" ainative-code session edit abc123def456'],
  async run({ id: word }, context) {
    const { ids } = await firstTarget(context, 'session edit', [word])
    const [id] = ids
    if (id === undefined || ids.length > 1) throw usage(`session edit takes one session, and these are ${ids.length}`)
    const before = await sessionOf(context, id)
    const text = await toYaml(before)
    const options = { name: `session-${id}.yaml`, env: context.host.env, signal: context.signal }
    const changed = await (await editor()).editText(text, options, (after) => save(context, before, text, after))
    return { id, changed: changed ?? [] }
  },
  print: ({ id, changed }) => (changed.length > 0 ? `Changed ${changed.join(', ')} of ${id}\n` : `Nothing was changed in ${id}\n`),
})

async function sessionOf({ host }: Context, id: string): Promise<Session> {
  const session = await (await host.store()).get(id)
  if (session && !session.deleted_at) return session
  throw new Problem('no-session', `the session ${id} is gone`, { hint: `ainative-code session restore ${id}` })
}

/** Saves what changed in the text, unless the session changed meanwhile. Gives the names of what changed. */
async function save(context: Context, session: Session, before: string, after: string): Promise<string[]> {
  const change = await changeOf(session, before, after)
  if (!change) return []
  const { id, title, tags, metadata } = session
  await (await context.host.store()).save([{ id, expected: { title, tags, metadata }, ...change }])
  const parts: [name: string, isChanged: unknown][] = [
    ['title', change.set],
    ['tags', change.addTags ?? change.removeTags],
    ['metadata', change.setMeta ?? change.unsetMeta],
  ]
  return parts.filter(([, isChanged]) => isChanged !== undefined).map(([name]) => name)
}
