import { type Context, defineCommand, editor, Problem, type Session, usage } from 'ainative-code'
import * as z from 'zod'
import { changeOf, toYaml } from './session-yaml.ts'
import { findFirstTarget } from './targets.ts'

/** The command `session edit`. */
export const edit = defineCommand({
  name: 'session edit',
  summary: 'Edit title, tags and metadata in $EDITOR',
  group: 'Sessions',
  argvAliases: ['sessions edit'],
  writes: true,
  fields: ['id', 'changed'],
  args: ['id'],
  input: z.object({ id: z.string().meta({ complete: 'id' }) }),
  examples: ['ainative-code session edit abc123def456', 'EDITOR="code --wait" ainative-code session edit abc123def456'],
  async run({ id: word }, context) {
    const { ids } = await findFirstTarget(context, 'session edit', [word])
    const [id] = ids
    if (id === undefined || ids.length > 1) throw usage(`session edit takes one session, not ${ids.length}`)
    const before = await sessionOf(context, id)
    const text = await toYaml(before)
    const options = { name: `session-${id}.yaml`, env: context.host.env, signal: context.signal }
    const changed = await (await editor()).editText(text, options, (after) => save(context, before, text, after))
    return { id, changed: changed ?? [] }
  },
  print: ({ id, changed }) => (changed.length > 0 ? `Changed ${changed.join(', ')} of ${id}\n` : `No changes in ${id}\n`),
})

async function sessionOf({ host }: Context, id: string): Promise<Session> {
  const session = await (await host.store()).get(id)
  if (session && !session.deleted_at) return session
  throw new Problem('no-session', `the session ${id} no longer exists`, { hint: `ainative-code session restore ${id}` })
}

/** Saves the changes in the text and returns the names of the changed fields. Throws a Problem if the session changed meanwhile. */
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
