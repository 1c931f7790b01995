import { type Change, type Expr, type Host, messageOf, type Plan, Problem, type Store } from 'ainative-code'
import { Kysely, SqliteDialect } from 'kysely'
import type { Write } from './access.ts'
import { keepAccess } from './access.ts'
import { type Opened, openDatabase } from './database.ts'
import { sqliteHooks } from './hooks.ts'
import { type Identity, takeIdentity } from './identity.ts'
import { lookUp } from './look-up.ts'
import type { Connection } from './open.ts'
import { databasePath } from './path.ts'
import { databaseProblem, NOT_READ } from './problem.ts'
import { reads, type SqliteStore } from './reads.ts'
import { reopening } from './reopening.ts'
import { abandoned, replyWriter } from './replies.ts'
import type { Schema } from './schema.ts'
import { sessionsQuery } from './sessions-query.ts'
import { startImport } from './staging.ts'
import { findDead, sweep } from './sweep.ts'
import { createWrite } from './transaction.ts'
import { applyChange, applyTogether, retag } from './write.ts'

/** Opens the SQLite store; the path comes from AINATIVE_DB_PATH, the config, or is sessions.db in the config folder. */
export async function openStore(host: Host): Promise<SqliteStore> {
  const file = databasePath(host)
  const open = () => openDatabase(file, host)
  const opened = await open()
  const store = await storeOf(opened, host, file)
  return opened.limit ? reopening(store, opened.limit, open, (again) => storeOf(again, host, file)) : store
}

async function storeOf({ connection, limit }: Opened, host: Host, file: string): Promise<SqliteStore> {
  const list = (text: unknown): string[] => JSON.parse(String(text))
  connection.function('retag', { deterministic: true }, (tags, added, removed) =>
    JSON.stringify(retag(list(tags), list(added), list(removed))),
  )
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: connection }) })
  const identity = takeIdentity(connection, file)
  const guarded = guard(file)
  const write = createWrite(db, connection, identity, sqliteHooks(host))
  keepAccess(host, { connection, write, guarded, sessions: (where) => sessionsQuery(db, where) })
  const save = saver(write, connection, host)
  if (!limit && !connection.readonly) await tidy(db, connection, write, save)
  const check = () => limit || identity.checkContent()
  const looking: Guard = (work) =>
    guarded(() => {
      check()
      return work()
    })
  const store = reads(db, connection, file)
  const lookedUp = async <T extends { where?: Expr }>(question: T): Promise<T> =>
    question.where ? { ...question, where: await lookUp(host, question.where) } : question
  const listAll = async function* (plan: Plan) {
    yield* store.list(await lookedUp(plan))
  }
  return {
    ...store,
    ...writes({ db, connection, write, save, identity, limit, host, guarded }),
    idsWithPrefix: (...given) => looking(() => store.idsWithPrefix(...given)),
    values: (...given) => looking(() => store.values(...given)),
    allIds: () => looking(() => store.allIds()),
    get: (id) => looking(() => store.get(id)),
    said: (session) => looking(() => store.said(session)),
    count: (where) => looking(async () => store.count(where && (await lookUp(host, where)))),
    aggregate: (questions, ...given) => looking(async () => store.aggregate(await Promise.all(questions.map(lookedUp)), ...given)),
    revision: () =>
      guarded(async () => {
        if (!limit) identity.check(NOT_READ)
        return store.revision()
      }),
    list: (plan) => guardItems(file, check, listAll(plan)),
  }
}

type Save = (changes: Change[], wait?: number) => Promise<void>

/** Removes what a dead import staged, and joins the pieces of a reply whose process died. What fails is left for the next start. */
async function tidy(db: Kysely<Schema>, connection: Connection, write: Write, save: Save): Promise<void> {
  try {
    if (!connection.prepare('select 1 from imports union all select 1 from replies limit 1').get()) return
    const { imports, replies } = await findDead(db)
    for (const each of imports) await sweep(write, connection, each, 0)
    const find = abandoned(connection)
    for (const each of replies) {
      const found = find(each)
      if (found) await save([{ id: found.session, replace: [found.message] }], 0)
    }
  } catch {
    // The disk may be full, or another process may write. Readers see neither staged rows nor missing pieces.
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

/** Overwrites what was removed: pages keep copies of cells that SQLite once moved, and the log keeps old pages. */
function wipe(connection: Connection): void {
  try {
    connection.exec('vacuum')
    const busy = connection.pragma('wal_checkpoint(truncate)', { simple: true })
    if (busy) throw new Error('another process is reading it')
  } catch (error) {
    const file = connection.name
    throw new Problem(
      'incomplete-removal',
      `the sessions are gone, but traces of them may be left in ${file}: ${messageOf(databaseProblem(error, file))}`,
      {
        hint: `sqlite3 ${file} vacuum wipes them once that has passed`,
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
  limit: unknown
  host: Host
  guarded: Guard
}

function writes({
  db,
  connection,
  write,
  save,
  identity,
  limit,
  host,
  guarded,
}: Writing): Pick<Store, 'save' | 'grow' | 'import' | 'close'> {
  const grow = replyWriter(connection, identity)
  return {
    save: (changes) => guarded(() => save(changes)),
    grow: (id, message, piece) => guarded(async () => grow(id, message, piece)),
    async import(mode) {
      const import_ = await guarded(() => startImport(db, write, connection, mode, sqliteHooks(host).writing))
      return {
        stage: (session, messages) => guarded(() => import_.stage(session, messages)),
        async commit(parents, watcher) {
          const result = await guarded(() => import_.commit(parents))
          if (watcher) await sqliteHooks(host).imported.promise(watcher)
          return result
        },
        abort: () => guarded(() => import_.abort()),
      }
    },
    async close() {
      if (limit || identity.mayClose()) connection.close()
    },
  }
}
