import fs from 'node:fs'
import { type Context, codeOf, defineCommand, expandHome, flag, type Host, Problem, plural, usage } from 'ainative-code'
import * as z from 'zod'
import { countSessions } from './backup.ts'
import { type Candidate, openCandidate } from './candidate.ts'
import { BUSY_MS, type Connection } from './connection.ts'
import { copyDatabase, type Progress, regularFile, writeCopy } from './copy-database.ts'
import { exists, openDatabase, realPath } from './database.ts'
import { databasePath } from './database-path.ts'
import { databaseProblem } from './database-problem.ts'
import { nextStamp, stampOf } from './database-stamp.ts'
import { truncateWal } from './disk-space.ts'
import { sqliteHooks } from './hooks.ts'

/** The command `session restore-backup`. */
export const restoreBackup = defineCommand({
  name: 'session restore-backup',
  summary: 'Replace the whole database with a backup',
  group: 'Sessions',
  argvAliases: ['sessions restore-backup'],
  destructive: true,
  writes: true,
  fields: ['restored', 'sessions', 'kept'],
  args: ['file'],
  input: z.object({
    file: z.string().min(1, 'a file needs a name').describe('A file written by session backup').meta({ value: 'file', complete: 'file' }),
    yes: flag('Skip the confirmation'),
  }),
  examples: ['ainative-code session restore-backup ~/sessions-backup.db'],
  async run({ file, yes }, context) {
    const database = realPath(databasePath(context.host))
    const backup = sourceOf(expandHome(file, context.host.env), database)
    const candidate = await openCandidate(backup, database, context.host)
    try {
      const sessions = countSessions(candidate.connection)
      if (!yes && !(await confirmed(context, database, file, sessions))) return undefined
      await sqliteHooks(context.host).restoring.promise(candidate.connection)
      return { restored: file, sessions, kept: await replace(candidate, database, context) }
    } catch (error) {
      throw databaseProblem(error, database)
    } finally {
      candidate.remove()
    }
  },
  print: (data) => {
    if (!data) return ''
    const previous = data.kept ? `The previous database is now ${data.kept}\n` : ''
    return `Restored ${plural(data.sessions, 'session')} from ${data.restored}\n${previous}`
  },
})

function sourceOf(file: string, database: string): string {
  const backup = regularFile(file, 'read')
  if (!backup) throw new Problem('file', `cannot read ${file}: there is no such file`)
  if (backup === database) throw usage(`${file} is the database itself`)
  return backup
}

async function confirmed({ ask, note }: Context, database: string, file: string, sessions: number): Promise<boolean> {
  const sure = await ask(`Replace all of ${database} with the ${plural(sessions, 'session')} in ${file}?`, '--yes')
  if (!sure) note('nothing was done')
  return sure
}

/** Replaces the database with the candidate. Returns the new name of the previous database; undefined if there was none. */
async function replace(candidate: Candidate, database: string, context: Context): Promise<string | undefined> {
  const previous = previousName(database)
  const current = exists(database) ? await openCurrent(database, context.host) : undefined
  if (!current) return replaceDatabase(candidate, database, previous) ? previous : undefined
  try {
    await writeCopy(current, previous, context, { check: false })
    await copyInto(candidate, current, context).catch((error) => {
      fs.rmSync(previous)
      throw error
    })
    truncateWal(current)
    return previous
  } finally {
    current.close()
  }
}

const previousName = (database: string) => `${database}.before-restore-${new Date().toISOString().replaceAll(':', '-')}`

/** Opens the current database; undefined if the database is missing or unusable, so that its files must be moved away. */
async function openCurrent(database: string, host: Host): Promise<Connection | undefined> {
  try {
    const { connection, readOnlyReason } = await openDatabase(database, host)
    if (!readOnlyReason) return connection
    connection.close()
    throw databaseProblem(readOnlyReason, database)
  } catch (error) {
    if (['damaged', 'not-a-database', 'stale-wal', 'newer-database'].includes(codeOf(error) ?? '')) return undefined
    throw error
  }
}

/** Copies the candidate into the database in one transaction: other processes may have the database open. */
async function copyInto({ connection }: Candidate, current: Connection, context: Progress): Promise<void> {
  const schema = () => current.pragma('schema_version', { simple: true })
  const before = schema()
  matchPageSize(connection, current.pragma('page_size', { simple: true }))
  for (const until = Date.now() + BUSY_MS; ; ) {
    connection.pragma(`user_version = ${nextStamp(stampOf(current))}`)
    await copyDatabase(connection, current.name, context)
    // If another process holds the write lock, the copy reports success without copying anything.
    if (schema() !== before) return
    if (Date.now() > until) throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })
    await process.getBuiltinModule('node:timers/promises').setTimeout(20)
  }
}

/** Changes the page size of a database: SQLite copies into a database in WAL mode only if both page sizes are equal. */
function matchPageSize(db: Connection, size: unknown): void {
  if (db.pragma('page_size', { simple: true }) === size) return
  db.pragma(`page_size = ${size}`)
  db.exec('vacuum')
}

/** Renames the files of the database to `previous`, then the candidate to the database; true if there were files to rename. */
function replaceDatabase({ connection, file }: Candidate, database: string, previous: string): boolean {
  connection.close()
  const moved: string[] = []
  try {
    for (const end of ['', '-wal', '-shm', '-journal']) {
      if (!fs.existsSync(`${database}${end}`)) continue
      fs.renameSync(`${database}${end}`, `${previous}${end}`)
      moved.push(end)
    }
    fs.renameSync(file, database)
    return moved.length > 0
  } catch (error) {
    for (const end of moved) fs.renameSync(`${previous}${end}`, `${database}${end}`)
    throw error
  }
}
