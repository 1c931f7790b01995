import fs from 'node:fs'
import { type Change, type Host, messageOf, type Plan, Problem, type Store } from 'ainative-code'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { sqliteHooks } from './hooks.ts'
import { messageReader, saidReader } from './messages.ts'
import { type Connection, databaseProblem, openDatabase } from './open.ts'
import { databasePath } from './path.ts'
import { cursorOf, pageQuery, toSql } from './plan.ts'
import { abandoned, replyWriter } from './replies.ts'
import { fromSessionRow } from './rows.ts'
import { readText, type Schema } from './schema.ts'
import { startImport } from './staging.ts'
import { sweepDead } from './sweep.ts'
import { syncMessageReader } from './sync-messages.ts'
import { transaction } from './transaction.ts'
import { valuesOf } from './values.ts'
import { applyChange, applyTogether, retag } from './write.ts'

const PAGE = 200

/** Opens the SQLite store; the path comes from AINATIVE_DB_PATH, the config, or is sessions.db in the config folder. */
export async function openStore(host: Host): Promise<Store> {
  const file = databasePath(host)
  const connection = await openDatabase(file, host)
  const list = (text: unknown): string[] => JSON.parse(String(text))
  connection.function('retag', { deterministic: true }, (tags, added, removed) =>
    JSON.stringify(retag(list(tags), list(added), list(removed))),
  )
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: connection }) })
  const guarded = guard(file)
  const store = { ...reads(db, connection, file), ...writes(db, connection, host, guarded) }
  const owned = connection.prepare('select 1 from imports union all select 1 from replies limit 1').get()
  if (owned && !connection.readonly) await guarded(() => sweepDead(db, folding(connection, store)))
  return {
    ...store,
    idsWithPrefix: (...given) => guarded(() => store.idsWithPrefix(...given)),
    values: (...given) => guarded(() => store.values(...given)),
    allIds: () => guarded(() => store.allIds()),
    get: (id) => guarded(() => store.get(id)),
    said: (session) => guarded(() => store.said(session)),
    count: (where) => guarded(() => store.count(where)),
    list: (plan) => guardItems(file, store.list(plan)),
  }
}

/** Makes one text of a reply whose process died. */
function folding(connection: Connection, store: Pick<Store, 'save'>): (message: number) => Promise<void> {
  const find = abandoned(connection)
  return async (pk) => {
    const found = find(pk)
    // Where it fails, on a full disk or for another writer, its pieces are read as well, and the next start tries again.
    if (found) await store.save([{ id: found.session, replace: [found.message] }]).catch(() => undefined)
  }
}

/** Says what went wrong with the file in words. */
const guard =
  (file: string) =>
  async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw databaseProblem(error, file)
    }
  }

async function* guardItems<T>(file: string, items: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* items
  } catch (error) {
    throw databaseProblem(error, file)
  }
}

function reads(db: Kysely<Schema>, connection: Connection, file: string): Omit<Store, 'save' | 'grow' | 'import' | 'close'> {
  const visible = () => db.selectFrom('sessions').where('staged', 'is', null)
  return {
    location: file,
    async idsWithPrefix(prefix, trashed, limit) {
      const within = visible()
        .select(['id', 'title'])
        .where('deleted_at', trashed ? 'is not' : 'is', null)
      const rows = await within.where('id', '>=', prefix).where('id', '<', `${prefix}{`).orderBy('id').limit(limit).execute()
      return rows.map(({ id, title }) => ({ id, title: readText(title) }))
    },
    values: valuesOf(connection),
    allIds: async () => (await visible().select('id').execute()).map(({ id }) => id),
    async get(id) {
      const row = await visible().selectAll().where('id', '=', id).executeTakeFirst()
      return row && fromSessionRow(row)
    },
    async count(where) {
      const query = visible().select(sql<number>`count(*)`.as('count'))
      return (await (where ? query.where((eb) => toSql(eb, where)) : query).executeTakeFirstOrThrow()).count
    },
    revision: async () => connection.pragma('data_version', { simple: true }) as number,
    list: (plan) => listPages(db, plan),
    messages: messageReader(db, connection, file),
    readMessages: syncMessageReader(connection, file),
    said: saidReader(connection),
  }
}

async function* listPages(db: Kysely<Schema>, plan: Plan) {
  let left = plan.limit ?? Number.POSITIVE_INFINITY
  let cursor: ReturnType<typeof cursorOf> | undefined
  while (left > 0) {
    const size = Math.min(PAGE, left)
    const rows = await pageQuery(db, plan, size, cursor).execute()
    for (const row of rows) yield fromSessionRow(row)
    const last = rows.at(-1)
    left -= size
    if (!last || rows.length < size || left <= 0) return
    cursor = cursorOf(plan, last)
    // better-sqlite3 never waits, so a signal would not be heard.
    await new Promise((resolve) => setImmediate(resolve))
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
      'traces',
      `the sessions are gone, but traces of them may be left in ${file}: ${messageOf(databaseProblem(error, file))}`,
      {
        hint: `sqlite3 ${file} vacuum wipes them once that has passed`,
        cause: error,
      },
    )
  }
}

/** Tells whether the path still leads to the file that is open: what is written to one that was removed is lost. */
function sameFile({ name }: Connection): () => boolean {
  const inode = () => fs.statSync(name, { throwIfNoEntry: false })?.ino
  const opened = inode()
  return () => inode() === opened
}

const removed = (file: string) =>
  new Problem('removed', `the database ${file} was removed or replaced while it was open; nothing was written`, {
    hint: 'start ainative-code again to open what is there now',
  })

function writes(
  db: Kysely<Schema>,
  connection: Connection,
  host: Host,
  guarded: ReturnType<typeof guard>,
): Pick<Store, 'save' | 'grow' | 'import' | 'close'> {
  const { writing } = sqliteHooks(host)
  const isSame = sameFile(connection)
  const grow = replyWriter(connection)
  const applyAll = async (changes: Change[]) => {
    if (!isSame()) throw removed(connection.name)
    await transaction(db, async (trx) => {
      const together = await applyTogether(trx, changes)
      for (const change of changes) {
        if (!together) await applyChange(trx, change)
        if (writing.isUsed()) await writing.promise(change, trx)
      }
    })
    if (changes.some((change) => change.remove)) wipe(connection)
  }
  return {
    save: (changes) => guarded(() => applyAll(changes)),
    async grow(id, message, piece) {
      if (!isSame()) throw removed(connection.name)
      await guarded(async () => grow(id, message, piece))
    },
    async import(mode) {
      if (!isSame()) throw removed(connection.name)
      const import_ = await guarded(() => startImport(db, connection, mode, writing))
      return {
        stage: (session, messages) => guarded(() => import_.stage(session, messages)),
        commit: (parents) => guarded(() => import_.commit(parents)),
        abort: () => guarded(() => import_.abort()),
      }
    },
    async close() {
      connection.close()
    },
  }
}
