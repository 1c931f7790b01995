import {
  type Change,
  collect,
  defineCommand,
  flag,
  isoTime,
  LOCAL_ONLY,
  type Message,
  type NewMessage,
  newMessageId,
  newSessionId,
  Problem,
  plural,
  type Session,
  Title,
  wholeNumber,
} from 'ainative-code'
import * as z from 'zod'
import { findFirstTarget } from './targets.ts'

/** The command `session fork`. */
export const fork = defineCommand({
  name: 'session fork',
  summary: 'Copy a session and its messages to a new session',
  group: 'Sessions',
  argvAliases: ['sessions fork'],
  writes: true,
  fields: ['id', 'title', 'parent_id', 'message_count'],
  args: ['id'],
  input: z.object({
    id: z.string().meta({ complete: 'id' }),
    at: wholeNumber(1).optional().describe('Copy only the messages up to this number').meta({ value: 'seq' }),
    title: Title().optional().describe('Title of the new session').meta({ value: 'text' }),
    localOnly: flag('Keep the new session on this device: sync leaves it out'),
  }),
  async run({ id: word, at, title, localOnly }, context) {
    const store = await context.host.store()
    const { ids } = await findFirstTarget(context, 'session fork', [word])
    const changes: Change[] = []
    for (const id of ids) {
      const session = await store.get(id)
      if (!session) throw new Problem('no-session', `the session ${id} no longer exists`)
      if (at !== undefined && at > session.message_count) {
        throw new Problem('no-message', `${id} has ${plural(session.message_count, 'message')}; there is no message ${at}`, {
          hint: `ainative-code session outline ${id} lists the messages`,
        })
      }
      const metadata = { ...session.metadata, ...(localOnly && LOCAL_ONLY) }
      changes.push(createFork({ ...session, metadata }, await collect(store.messages(session, { limit: at })), title))
    }
    await store.save(changes)
    const forks = changes.map(({ id, create, append }) => ({
      id,
      title: create?.title,
      parent_id: create?.parent_id,
      message_count: append?.length,
    }))
    return forks.length === 1 && forks[0] ? forks[0] : forks
  },
  print: (data) =>
    [data]
      .flat()
      .map((each) => `Forked ${each.parent_id} as ${each.id}: ${each.title} (${plural(each.message_count ?? 0, 'message')})\n`)
      .join(''),
})

/** Creates a session with copies of the messages. Its `forked_message_id` is the last copied message of the parent. */
function createFork(parent: Session, messages: Message[], title: string | undefined): Change {
  const { message_count: _, activated_at: __, deleted_at: ___, origin: ____, ...rest } = parent
  const now = isoTime(Date.now())
  const id = newSessionId()
  const last = messages.at(-1)
  const copy = ({ seq: _, ...message }: Message): NewMessage => ({ ...message, id: newMessageId() })
  return {
    id,
    create: {
      ...rest,
      id,
      title: title ?? `${parent.title} (fork)`,
      status: 'active',
      created_at: now,
      updated_at: now,
      parent_id: parent.id,
      ...(last && { forked_message_id: last.id }),
    },
    append: messages.map(copy),
  }
}
