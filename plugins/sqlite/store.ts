import { setImmediate } from 'node:timers/promises'
import { type Change, type Host, type Message, type Plan, Problem, type Store } from 'ainative-code'
import type { Selectable } from 'kysely'
import { type Compilable, Kysely, SqliteDialect, sql } from 'kysely'
import { sqliteHooks } from './hooks.ts'
import { type Connection, databaseProblem, openDatabase } from './open.ts'
import { databasePath } from './path.ts'
import { cursorOf, pageQuery, toSql } from './plan.ts'
import { fromMessageRow, fromSessionRow } from './rows.ts'
import { type MessageRow, readText, type Schema } from './schema.ts'
import { startImport } from './staging.ts'
import { sweepDead } from './sweep.ts'
import { applyChange, applyTogether, transaction } from './write.ts'

const PAGE = 200
/** What a page of messages aims at, in characters, so that long ones do not fill the memory. */
const PAGE_CHARS = 2_000_000

/** Opens the SQLite store; the path comes from AINATIVE_DB_PATH, the config, or is sessions.db in the config folder. */
export async function openStore(host: Host, configured: string | undefined): Promise<Store> {
  const file = databasePath(host.env, configured)
  const connection = openDatabase(file, host)
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: connection }) })
  const guarded = guard(file)
  const imports = connection.prepare('select 1 from imports limit 1').get()
  if (imports && !connection.readonly) await guarded(() => sweepDead(db))
  const store = { ...reads(db, connection, file), ...writes(db, connection, host, guarded) }
  return {
    ...store,
    idsWithPrefix: (...given) => guarded(() => store.idsWithPrefix(...given)),
    allIds: () => guarded(() => store.allIds()),
    get: (id) => guarded(() => store.get(id)),
    count: (where) => guarded(() => store.count(where)),
    list: (plan) => guardItems(file, store.list(plan)),
    messages: (...given) => guardItems(file, store.messages(...given)),
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

function reads(db: Kysely<Schema>, connection: Connection, file: string): Omit<Store, 'save' | 'import' | 'close'> {
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
    allIds: async () => (await visible().select('id').execute()).map(({ id }) => id),
    async get(id) {
      const row = await visible().selectAll().where('id', '=', id).executeTakeFirst()
      return row && fromSessionRow(row)
    },
    async count(where) {
      const query = visible().select(sql<number>`count(*)`.as('count'))
      return (await (where ? query.where((eb) => toSql(eb, where)) : query).executeTakeFirstOrThrow()).count
    },
    list: (plan) => listPages(db, plan),
    messages: messageReader(db, connection),
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
    if (!last || rows.length < size) return
    cursor = cursorOf(plan, last)
    // better-sqlite3 never waits, so a signal would not be heard.
    await setImmediate()
    left -= size
  }
}

function messageReader(db: Kysely<Schema>, connection: Connection): Store['messages'] {
  let page: ((id: string, after: number, size: number) => Selectable<MessageRow>[]) | undefined
  return async function* (id, { skip = 0, limit = Number.POSITIVE_INFINITY } = {}) {
    page ??= preparePage(db, connection)
    let after = skip > 0 ? seqAt(connection, id, skip) : 0
    let size = 32
    for (let left = limit; left > 0 && after !== undefined; ) {
      const rows = page(id, after, Math.min(size, left))
      for (const row of rows) yield fromMessageRow(row) as Message
      if (rows.length < Math.min(size, left)) return
      const chars = rows.reduce((sum, row) => sum + row.content.length, 0)
      left -= rows.length
      after = rows.at(-1)?.seq
      size = Math.max(1, Math.min(256, Math.floor((PAGE_CHARS * rows.length) / (chars + 1))))
    }
  }
}

/** The page of messages after a seq, as one prepared statement: an export asks it for every session. */
function preparePage(db: Kysely<Schema>, connection: Connection) {
  const query: Compilable = db
    .selectFrom('messages')
    .selectAll('messages')
    .where('session', '=', (eb) => eb.selectFrom('sessions').select('pk').where('id', '=', '').where('staged', 'is', null))
    .where('seq', '>', 0)
    .orderBy('seq')
    .limit(1)
  const statement = connection.prepare(query.compile().sql)
  return (id: string, after: number, size: number) => statement.all(id, after, size) as Selectable<MessageRow>[]
}

function seqAt(connection: Connection, id: string, skip: number): number | undefined {
  const row = connection
    .prepare(
      'select seq from messages where session = (select pk from sessions where id = ? and staged is null) order by seq limit 1 offset ?',
    )
    .get(id, skip - 1) as { seq: number } | undefined
  return row?.seq
}

/** Overwrites what was removed: pages keep copies of cells that SQLite once moved, and the log keeps old pages. */
function wipe(connection: Connection): void {
  let busy: unknown
  try {
    connection.exec('vacuum')
    busy = connection.pragma('wal_checkpoint(truncate)', { simple: true })
  } catch (error) {
    busy = error
  }
  if (!busy) return
  throw new Problem('traces', 'the sessions are gone, but traces of them may be left in the database file', {
    hint: 'another process was using it; the next session purge wipes them',
    cause: busy,
  })
}

function writes(
  db: Kysely<Schema>,
  connection: Connection,
  host: Host,
  guarded: ReturnType<typeof guard>,
): Pick<Store, 'save' | 'import' | 'close'> {
  const { writing } = sqliteHooks(host)
  const applyAll = async (changes: Change[]) => {
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
    async import(mode) {
      const import_ = await guarded(() => startImport(db, connection, mode, writing))
      return {
        stage: (session, messages) => guarded(() => import_.stage(session, messages)),
        commit: () => guarded(() => import_.commit()),
        abort: () => guarded(() => import_.abort()),
      }
    },
    async close() {
      connection.close()
    },
  }
}
