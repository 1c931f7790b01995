import type { Plan } from '../contract/plan.ts'
import type { Message } from '../contract/session.ts'
import type { MessageRange, NewMessage, NewSession, Store } from '../contract/store.ts'
import { sampleMessage, sampleSession } from './samples.ts'

/** Checks one rule of the contract on a new store. */
export type Check = (store: Store) => Promise<void>

/** A copy without members that are undefined. */
export const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** A new session with this id. */
export function newSession(id: string, fields: Partial<NewSession> = {}): NewSession {
  const { messages: _, message_count: __, ...session } = sampleSession([])
  return { ...session, id, ...fields }
}

/** A new message of the user, with an id of its own for each `seq`. */
export function newMessage(seq: number, content: string): NewMessage {
  const { seq: _, ...message } = sampleMessage(seq, 'user', content)
  return message
}

/** Creates a session with messages. */
export async function create(store: Store, id: string, fields: Partial<NewSession> = {}, append: NewMessage[] = []): Promise<NewSession> {
  const session = newSession(id, fields)
  await store.save([{ id, create: session, append }])
  return session
}

/** Creates the sessions one, two and tre, which differ in every field that lists select and sort by. */
export async function createThree(store: Store): Promise<void> {
  const at = (day: number) => ({ created_at: `2024-01-0${day}T00:00:00Z`, updated_at: `2024-01-0${day}T00:00:00Z` })
  const two = [newMessage(1, 'a')]
  await create(store, 'one', { ...at(1), title: 'Alpha', tags: ['go'], metadata: { project: 'p1' } }, [...two, newMessage(2, 'b')])
  await create(store, 'two', { ...at(2), title: 'Beta', tags: ['go', 'x'], provider: 'anthropic', metadata: { project: 'p2' } }, two)
  await create(store, 'tre', { ...at(3), title: 'Gamma', tags: [], metadata: {} })
}

/** The ids that a plan lists. */
export async function idsOf(store: Store, plan: Plan): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of store.list(plan)) ids.push(id)
  return ids
}

/** All messages of a session, or those of a range. */
export async function messagesOf(store: Store, id: string, range?: MessageRange): Promise<Message[]> {
  const messages: Message[] = []
  for await (const page of store.messages({ id }, range)) messages.push(...page)
  return messages
}
