import {
  type Change,
  type Context,
  defineCommand,
  findId,
  flag,
  isoTime,
  type Json,
  type Message,
  newSessionId,
  oneLine,
  Problem,
  plural,
  type Session,
  usage,
} from 'ainative-code'
import * as z from 'zod'
import { sessionsWithOrigin } from '../copies.ts'
import { copiedMetadata } from '../own-metadata.ts'
import { readCopy, type SharedCopy, withoutKeyText } from '../read-shared.ts'
import { SHARED_ID } from '../shared-id.ts'

/** The result of a clone: a session of this device, and the shared session from which it was copied. */
interface CloneResult {
  id: string
  shared: string
  owner: string
  title: string
  /** The number of messages that were added. */
  added: number
  updated: boolean
}

/** The command `session clone`. */
export const clone = defineCommand({
  name: 'session clone',
  summary: 'Copy a shared session to a session of your own',
  group: 'Sync',
  argvAliases: ['sessions clone'],
  writes: true,
  fields: ['id', 'shared', 'owner', 'title', 'added', 'updated'],
  args: ['id'],
  input: z.object({
    id: z.string().describe('Shared id; with --update also the session that was cloned').meta({ complete: 'id' }),
    update: flag('Add the later messages of the shared session to its clone'),
  }),
  examples: ['ainative-code session clone shared-abc123', 'ainative-code session clone abc123def456 --update'],
  run: ({ id, update }, context) => (update ? updateClone(id, context) : createClone(id, context)),
  print: ({ id, shared, title, added, updated }) =>
    updated
      ? `Added ${plural(added, 'message')} to ${id}: ${oneLine(title)}\n`
      : `Cloned ${shared} as ${id}: ${oneLine(title)} (${plural(added, 'message')})\n`,
})

/** Returns the origin of a clone: the shared id, its owner, and the newest copied revision. */
const originOf = ({ session, rev }: SharedCopy): Json => ({ shared: session.id, owner: session.origin?.owner, rev })

/** Reads a shared session to copy it. Throws a Problem if messages are missing, because the next update starts after the newest revision. */
async function readWhole(shared: string, since: number, context: Context): Promise<SharedCopy> {
  const copy = await readCopy(shared, since, context)
  if (copy.withoutKey === 0) return copy
  throw new Problem('key', withoutKeyText(copy), { hint: 'nothing was copied; try again after that sync' })
}

const withoutSeq = ({ seq: _, ...message }: Message) => message

async function createClone(word: string, context: Context): Promise<CloneResult> {
  if (!SHARED_ID.test(word)) throw usage(`${JSON.stringify(word.slice(0, 80))} is not a shared id`, 'ainative-code session list --shared')
  const copy = await readWhole(word, 0, context)
  const { message_count: added, ...session } = copy.session
  const [earlier] = await clonesOf(context, (shared) => shared === session.id)
  if (earlier) context.note(`${session.id} was cloned before, as ${earlier.id}; --update adds later messages to it`)
  const id = newSessionId()
  const now = isoTime(Date.now())
  const create: Change['create'] = {
    ...session,
    id,
    metadata: copiedMetadata(session.metadata),
    status: 'active',
    created_at: now,
    updated_at: now,
    origin: originOf(copy),
  }
  await (await context.host.store()).save([{ id, create, append: copy.messages.map(withoutSeq) }])
  return { id, shared: session.id, owner: String(session.origin?.owner), title: session.title, added, updated: false }
}

async function updateClone(word: string, context: Context): Promise<CloneResult> {
  const store = await context.host.store()
  const id = SHARED_ID.test(word) ? await cloneOf(word, context) : await findId(context, word)
  const session = await store.get(id)
  const { shared, rev } = session?.origin ?? {}
  if (!session || typeof shared !== 'string' || !SHARED_ID.test(shared))
    throw new Problem('not-shared', `${id} is not a clone of a shared session`, { hint: 'ainative-code session list --shared' })
  const copy = await readWhole(shared, typeof rev === 'number' ? rev : 0, context)
  const known = new Set(store.readMessages(id).map((message) => message.id))
  const append = copy.messages.filter((message) => !known.has(message.id)).map(withoutSeq)
  // The expected origin makes a second update at the same time fail, because it would add the same messages again.
  if (copy.rev !== rev) await store.save([{ id, expected: { origin: session.origin }, set: { origin: originOf(copy) }, append }])
  return { id, shared, owner: String(copy.session.origin?.owner), title: session.title, added: append.length, updated: true }
}

/** Finds the clones of shared sessions on this device, without the trash. */
const clonesOf = async ({ host }: Context, matches: (shared: string) => boolean): Promise<Session[]> =>
  (await sessionsWithOrigin(host, ({ shared }) => typeof shared === 'string' && matches(shared))).filter(
    ({ deleted_at }) => deleted_at === undefined,
  )

/** Returns the id of the clone of a shared session on this device. */
async function cloneOf(word: string, context: Context): Promise<string> {
  const found = await clonesOf(context, (shared) => shared.startsWith(word))
  const [first, second] = found
  if (!first) throw new Problem('not-shared', `${word} has no clone on this device`, { hint: `ainative-code session clone ${word}` })
  if (second) throw usage(`${word} has several clones: ${found.map(({ id }) => id).join(', ')}`, 'use the id of one of them')
  return first.id
}
