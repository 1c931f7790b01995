import { type Expr, type Host, once, type Plan, type Store } from 'ainative-code'
import { setAccess, type Write } from './access.ts'
import { type OpenedDatabase, openDatabase } from './database.ts'
import { databasePath } from './database-path.ts'
import { databaseProblem, NOT_READ } from './database-problem.ts'
import { sqliteHooks } from './hooks.ts'
import { recordIdentity } from './identity.ts'
import { createQuery, type LastWrite } from './query.ts'
import { createReader, type SqliteStore } from './reader.ts'
import { reopeningStore } from './reopening-store.ts'
import { replyWriter } from './reply-pieces.ts'
import { resolveWords } from './resolve-words.ts'
import { sessionsQuery } from './sessions-query.ts'
import type { Writer } from './writer.ts'

/** Opens the SQLite store at the path of `databasePath()`. */
export async function openStore(host: Host): Promise<SqliteStore> {
  const file = databasePath(host)
  const open = () => openDatabase(file, host)
  const opened = await open()
  const store = await storeOf(opened, host, file)
  return opened.readOnlyReason ? reopeningStore(store, opened.readOnlyReason, open, (reopened) => storeOf(reopened, host, file)) : store
}

async function storeOf({ connection, readOnlyReason }: OpenedDatabase, host: Host, file: string): Promise<SqliteStore> {
  const identity = recordIdentity(connection, file)
  const withProblems = guard(file)
  const lastWrite: LastWrite = {}
  const writer = once(async () => (await import('./writer.ts')).createWriter(connection, identity, host, lastWrite))
  const checkWritable = () => {
    if (readOnlyReason) throw databaseProblem(readOnlyReason, file)
  }
  const write: Write = async (...args) => {
    checkWritable()
    return (await writer()).write(...args)
  }
  setAccess(host, { connection, write, withProblems, checkWritable, sessions: sessionsQuery })
  const hasLeftovers = () => connection.prepare('select 1 from imports union all select 1 from replies limit 1').get() !== undefined
  if (!readOnlyReason && !connection.readonly && hasLeftovers()) await (await writer()).removeLeftovers()
  const check = () => readOnlyReason || identity.checkContent()
  const checkIdentity = () => readOnlyReason || identity.check(NOT_READ)
  const checkedRead: Guard = (work) =>
    withProblems(() => {
      check()
      return work()
    })
  const grow = replyWriter(connection, identity)
  const store = createReader(createQuery(connection, lastWrite), connection, file)
  const resolved = <T extends { where?: Expr }>(question: T) => withResolvedWords(host, question)
  const listAll = async function* (plan: Plan) {
    yield* store.list(await resolved(plan))
  }
  return {
    ...store,
    ...writing(writer, host, withProblems),
    grow: (id, message, piece) => withProblems(async () => grow(id, message, piece)),
    ...checkedReads(store, checkedRead),
    count: (where) => checkedRead(async () => store.count(where && (await resolveWords(host, where)))),
    aggregate: (questions, ...args) =>
      checkedRead(async () => (await writer()).aggregate(await Promise.all(questions.map(resolved)), ...args)),
    revision: () =>
      withProblems(async () => {
        checkIdentity()
        return store.revision()
      }),
    list: (plan) => guardItems(file, check, listAll(plan)),
    async close() {
      if (readOnlyReason || identity.mayClose()) connection.close()
    },
  }
}

/** The reads of a store that need no other preparation than the check. */
const checkedReads = (
  store: ReturnType<typeof createReader>,
  checkedRead: Guard,
): Pick<SqliteStore, 'idsWithPrefix' | 'values' | 'allIds' | 'get' | 'modelMessages'> => ({
  idsWithPrefix: (...args) => checkedRead(() => store.idsWithPrefix(...args)),
  values: (...args) => checkedRead(() => store.values(...args)),
  allIds: () => checkedRead(() => store.allIds()),
  get: (id) => checkedRead(() => store.get(id)),
  modelMessages: (session) => checkedRead(() => store.modelMessages(session)),
})

/** The question with the text words of its condition looked up. */
const withResolvedWords = async <T extends { where?: Expr }>(host: Host, question: T): Promise<T> =>
  question.where ? { ...question, where: await resolveWords(host, question.where) } : question

const guard =
  (file: string): Guard =>
  async (work) => {
    try {
      return await work()
    } catch (error) {
      throw databaseProblem(error, file)
    }
  }

type Guard = <T>(work: () => Promise<T>) => Promise<T>

async function* guardItems<T>(file: string, check: () => void, items: AsyncIterable<T>): AsyncIterable<T> {
  try {
    check()
    yield* items
  } catch (error) {
    throw databaseProblem(error, file)
  }
}

/** Creates the methods of the store that write sessions. */
function writing(writer: () => Promise<Writer>, host: Host, withProblems: Guard): Pick<Store, 'save' | 'import'> {
  return {
    save: (changes) => withProblems(async () => (await writer()).save(changes)),
    async import(mode) {
      const import_ = await withProblems(async () => (await writer()).import(mode))
      return {
        stage: (session, messages) => withProblems(() => import_.stage(session, messages)),
        async commit(parents, watcher) {
          const result = await withProblems(() => import_.commit(parents))
          if (watcher) await sqliteHooks(host).imported.promise(watcher)
          return result
        },
        abort: () => withProblems(() => import_.abort()),
      }
    },
  }
}
