import { type Change, type Host, type Import, type ImportMode, isTapped, messageOf, Problem, type Store } from 'ainative-code'
import { Kysely, SqliteDialect } from 'kysely'
import type { Write } from './access.ts'
import { totalsReader } from './aggregate.ts'
import { applyChange, applyTogether, changedTags } from './apply-change.ts'
import type { Connection } from './connection.ts'
import { databaseProblem } from './database-problem.ts'
import { findAbandoned } from './heartbeat.ts'
import { sqliteHooks } from './hooks.ts'
import type { Identity } from './identity.ts'
import type { LastWrite } from './query.ts'
import { removeStaged } from './remove-staged.ts'
import { messageFinder } from './reply-pieces.ts'
import type { Schema } from './schema.ts'
import { startImport } from './start-import.ts'
import { createWrite } from './transaction.ts'

/** The part of the store whose SQL kysely builds. A command that only lists, shows or searches sessions does not load this part. */
export interface Writer {
  write: Write
  save: Save
  import(mode: ImportMode): Promise<Import>
  aggregate: NonNullable<Store['aggregate']>
  /** Removes the leftovers of processes that died. */
  removeLeftovers(): Promise<void>
}

type Save = (changes: Change[], wait?: number) => Promise<void>

/** Creates the writer of a connection. `lastWrite` holds the last transaction. */
export function createWriter(connection: Connection, identity: Identity, host: Host, lastWrite: LastWrite): Writer {
  const list = (text: unknown): string[] => JSON.parse(String(text))
  connection.function('changedTags', { deterministic: true }, (tags, added, removed) =>
    JSON.stringify(changedTags(list(tags), list(added), list(removed))),
  )
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: connection }) })
  const write = createWrite(db, connection, identity, sqliteHooks(host), lastWrite)
  const save = saver(write, connection, host)
  return {
    write,
    save,
    import: (mode) => startImport(db, write, connection, mode, sqliteHooks(host).writing),
    aggregate: totalsReader(db),
    removeLeftovers: () => removeLeftovers(db, connection, write, save),
  }
}

/**
 * Removes the rows of an import whose process died, and joins the pieces of a reply whose process died. After an error, the next start tries
 * again.
 */
async function removeLeftovers(db: Kysely<Schema>, connection: Connection, write: Write, save: Save): Promise<void> {
  try {
    const { imports, replies } = await findAbandoned(db)
    for (const each of imports) await removeStaged(write, connection, each, 0)
    const find = messageFinder(connection)
    for (const each of replies) {
      const reply = find(each)
      if (reply) await save([{ id: reply.session, replace: [reply.message] }], 0)
    }
  } catch {
    // The disk may be full, or another process may be writing. The leftovers do not affect readers.
  }
}

/** Overwrites removed data: pages may contain copies of cells that SQLite moved earlier, and the -wal file contains old pages. */
function overwriteRemovedData(connection: Connection): void {
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
        if (isTapped(writing)) await writing.promise(change, trx)
      }
    }, wait)
    if (changes.some((change) => change.remove)) overwriteRemovedData(connection)
  }
}
