import { type Change, type Expr, type Host, messageOf, type Plan, Problem, type Store } from 'ainative-code'
import { Kysely, SqliteDialect } from 'kysely'
import type { Write } from './access.ts'
import { setAccess } from './access.ts'
import { applyChange, applyTogether, retag } from './apply-change.ts'
import type { Connection } from './connection.ts'
import { type OpenedDatabase, openDatabase } from './database.ts'
import { databasePath } from './database-path.ts'
import { databaseProblem, NOT_READ } from './database-problem.ts'
import { findDead } from './heartbeat.ts'
import { sqliteHooks } from './hooks.ts'
import { type Identity, takeIdentity } from './identity.ts'
import { createReader, type SqliteStore } from './reader.ts'
import { reopeningStore } from './reopening-store.ts'
import { messageFinder, replyWriter } from './reply-pieces.ts'
import { resolveWords } from './resolve-words.ts'
import type { Schema } from './schema.ts'
import { sessionsQuery } from './sessions-query.ts'
import { startImport } from './start-import.ts'
import { sweep } from './sweep.ts'
import { createWrite } from './transaction.ts'

/** Opens the SQLite store at the path of `databasePath()`. */
export async function openStore(host: Host): Promise<SqliteStore> {
  const file = databasePath(host)
  const open = () => openDatabase(file, host)
  const opened = await open()
  const store = await storeOf(opened, host, file)
  return opened.readOnlyReason ? reopeningStore(store, opened.readOnlyReason, open, (reopened) => storeOf(reopened, host, file)) : store
}

async function storeOf({ connection, readOnlyReason }: OpenedDatabase, host: Host, file: string): Promise<SqliteStore> {
  const list = (text: unknown): string[] => JSON.parse(String(text))
  connection.function('retag', { deterministic: true }, (tags, added, removed) =>
    JSON.stringify(retag(list(tags), list(added), list(removed))),
  )
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: connection }) })
  const identity = takeIdentity(connection, file)
  const withProblems = guard(file)
  const write = createWrite(db, connection, identity, sqliteHooks(host))
  setAccess(host, { connection, write, withProblems, sessions: (where) => sessionsQuery(db, where) })
  const save = saver(write, connection, host)
  if (!readOnlyReason && !connection.readonly) await tidy(db, connection, write, save)
  const check = () => readOnlyReason || identity.checkContent()
  const checkedRead: Guard = (work) =>
    withProblems(() => {
      check()
      return work()
    })
  const store = createReader(db, connection, file)
  const resolved = async <T extends { where?: Expr }>(question: T): Promise<T> =>
    question.where ? { ...question, where: await resolveWords(host, question.where) } : question
  const listAll = async function* (plan: Plan) {
    yield* store.list(await resolved(plan))
  }
  return {
    ...store,
    ...createWriter({ db, connection, write, save, identity, readOnlyReason, host, withProblems }),
    idsWithPrefix: (...args) => checkedRead(() => store.idsWithPrefix(...args)),
    values: (...args) => checkedRead(() => store.values(...args)),
    allIds: () => checkedRead(() => store.allIds()),
    get: (id) => checkedRead(() => store.get(id)),
    said: (session) => checkedRead(() => store.said(session)),
    count: (where) => checkedRead(async () => store.count(where && (await resolveWords(host, where)))),
    aggregate: (questions, ...args) => checkedRead(async () => store.aggregate(await Promise.all(questions.map(resolved)), ...args)),
    revision: () =>
      withProblems(async () => {
        if (!readOnlyReason) identity.check(NOT_READ)
        return store.revision()
      }),
    list: (plan) => guardItems(file, check, listAll(plan)),
  }
}

type Save = (changes: Change[], wait?: number) => Promise<void>

/**
 * Removes the rows of an import whose process died, and joins the pieces of a reply whose process died. Errors leave the work to the next
 * start.
 */
async function tidy(db: Kysely<Schema>, connection: Connection, write: Write, save: Save): Promise<void> {
  try {
    if (!connection.prepare('select 1 from imports union all select 1 from replies limit 1').get()) return
    const { imports, replies } = await findDead(db)
    for (const each of imports) await sweep(write, connection, each, 0)
    const find = messageFinder(connection)
    for (const each of replies) {
      const reply = find(each)
      if (reply) await save([{ id: reply.session, replace: [reply.message] }], 0)
    }
  } catch {
    // The disk may be full, or another process may be writing. The leftovers do not affect readers.
  }
}

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

/** Overwrites removed data: pages may contain copies of cells that SQLite moved earlier, and the -wal file contains old pages. */
function wipe(connection: Connection): void {
  try {
    connection.exec('vacuum')
    const busy = connection.pragma('wal_checkpoint(truncate)', { simple: true })
    if (busy) throw new Error('another process is reading the database')
  } catch (error) {
    const file = connection.name
    throw new Problem(
      'incomplete-removal',
      `the sessions are deleted, but traces of their content may remain in ${file}: ${messageOf(databaseProblem(error, file))}`,
      {
        hint: `later, run: sqlite3 ${file} vacuum`,
        cause: error,
      },
    )
  }
}

function saver(write: Write, connection: Connection, host: Host): Save {
  const { writing } = sqliteHooks(host)
  return async (changes, wait) => {
    await write(async (trx) => {
      const together = await applyTogether(trx, changes)
      for (const change of changes) {
        if (!together) await applyChange(trx, change)
        if (writing.isUsed()) await writing.promise(change, trx)
      }
    }, wait)
    if (changes.some((change) => change.remove)) wipe(connection)
  }
}

interface Writing {
  db: Kysely<Schema>
  connection: Connection
  write: Write
  save: Save
  identity: Identity
  readOnlyReason: unknown
  host: Host
  withProblems: Guard
}

function createWriter({
  db,
  connection,
  write,
  save,
  identity,
  readOnlyReason,
  host,
  withProblems,
}: Writing): Pick<Store, 'save' | 'grow' | 'import' | 'close'> {
  const grow = replyWriter(connection, identity)
  return {
    save: (changes) => withProblems(() => save(changes)),
    grow: (id, message, piece) => withProblems(async () => grow(id, message, piece)),
    async import(mode) {
      const import_ = await withProblems(() => startImport(db, write, connection, mode, sqliteHooks(host).writing))
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
    async close() {
      if (readOnlyReason || identity.mayClose()) connection.close()
    },
  }
}
