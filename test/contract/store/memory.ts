import type { Expr, Message, Session, Store } from 'ainative-code'

const refuse = async (): Promise<never> => {
  throw new Error('this store is only read')
}

/** A store of the least that a store must have: it lists and reads, and answers no question about many rows. */
export function memoryStore(sessions: (Session & { messages: Message[] })[]): Store {
  const matching = (where: Expr | undefined) => sessions.filter((session) => !where || holds(where, session))
  const messagesOf = (id: string) => sessions.find((each) => each.id === id)?.messages ?? []
  return {
    location: 'memory',
    idsWithPrefix: async (prefix, trashed, limit) =>
      matching({ trashed })
        .filter(({ id }) => id.startsWith(prefix))
        .slice(0, limit),
    values: async () => [],
    allIds: async () => sessions.map(({ id }) => id),
    get: async (id) => sessions.find((each) => each.id === id),
    async *list({ where, limit }) {
      yield* matching(where).slice(0, limit)
    },
    count: async (where) => matching(where).length,
    revision: async () => 0,
    async *messages({ id }) {
      for (const message of messagesOf(id)) yield [message]
    },
    readMessages: messagesOf,
    modelMessages: async ({ id }) => messagesOf(id),
    save: refuse,
    grow: refuse,
    import: refuse,
    close: async () => undefined,
  }
}

function holds(where: Expr, session: Session): boolean {
  if ('and' in where) return where.and.every((each) => holds(each, session))
  if ('or' in where) return where.or.some((each) => holds(each, session))
  if ('not' in where) return !holds(where.not, session)
  if ('ids' in where) return where.ids.includes(session.id)
  if ('tag' in where) return session.tags.includes(where.tag)
  if ('trashed' in where) return (session.deleted_at !== undefined) === where.trashed
  if ('field' in where && where.field !== 'project') return session[where.field] === where.is
  throw new Error(`the store in memory does not know ${JSON.stringify(where)}`)
}
