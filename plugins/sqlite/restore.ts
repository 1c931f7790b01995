import fs from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { type Context, codeOf, defineCommand, expandHome, flag, type Host, Problem, usage } from 'ainative-code'
import * as z from 'zod'
import { countSessions } from './backup.ts'
import { type Candidate, openCandidate } from './candidate.ts'
import { copyDatabase, type Progress, regularFile, writeCopy } from './copy.ts'
import { exists, openDatabase, realPath } from './database.ts'
import { BUSY_MS, type Connection } from './open.ts'
import { databasePath } from './path.ts'
import { databaseProblem } from './problem.ts'
import { emptyLog } from './room.ts'
import { nextStamp, stampOf } from './stamp.ts'

export const restoreBackup = defineCommand({
  name: 'session restore-backup',
  summary: 'Replace the whole database by a backup',
  group: 'Sessions',
  argvAliases: ['sessions restore-backup'],
  destructive: true,
  writes: true,
  fields: ['restored', 'sessions', 'kept'],
  args: ['file'],
  input: z.object({
    file: z.string().min(1, 'a file needs a name').describe('A file that session backup wrote').meta({ value: 'file', complete: 'file' }),
    yes: flag('Do not ask'),
  }),
  examples: ['ainative-code session restore-backup ~/sessions-backup.db'],
  async run({ file, yes }, context) {
    const database = realPath(databasePath(context.host))
    const backup = sourceOf(expandHome(file, context.host.env), database)
    const candidate = await openCandidate(backup, database, context.host)
    try {
      const sessions = countSessions(candidate.connection)
      if (!yes && !(await confirmed(context, database, file, sessions))) return undefined
      return { restored: file, sessions, kept: await replace(candidate, database, context) }
    } catch (error) {
      throw databaseProblem(error, database)
    } finally {
      candidate.remove()
    }
  },
  print: (data) => {
    if (!data) return ''
    const kept = data.kept ? `The previous database is kept as ${data.kept}\n` : ''
    return `Restored ${data.sessions} session${data.sessions === 1 ? '' : 's'} from ${data.restored}\n${kept}`
  },
})

function sourceOf(file: string, database: string): string {
  const backup = regularFile(file, 'read')
  if (!backup) throw new Problem('file', `cannot read ${file}: there is no such file`)
  if (backup === database) throw usage(`${file} is the database itself`)
  return backup
}

async function confirmed({ ask, note }: Context, database: string, file: string, sessions: number): Promise<boolean> {
  const sure = await ask(`Replace all of ${database} by the ${sessions} session${sessions === 1 ? '' : 's'} of ${file}?`, '--yes')
  if (!sure) note('nothing was done')
  return sure
}

/** Puts the candidate in the place of the database; gives the name under which the previous one is kept. */
async function replace(candidate: Candidate, database: string, context: Context): Promise<string | undefined> {
  const kept = keptName(database)
  const current = exists(database) ? await openCurrent(database, context.host) : undefined
  if (!current) return moveInto(candidate, database, kept) ? kept : undefined
  try {
    await writeCopy(current, kept, context, { check: false })
    await copyInto(candidate, current, context).catch((error) => {
      fs.rmSync(kept)
      throw error
    })
    emptyLog(current)
    return kept
  } finally {
    current.close()
  }
}

const keptName = (database: string) => `${database}.before-restore-${new Date().toISOString().replaceAll(':', '-')}`

/** The current database; undefined where it is unusable, so that its files are moved away. */
async function openCurrent(database: string, host: Host): Promise<Connection | undefined> {
  try {
    const { connection, limit } = await openDatabase(database, host)
    if (!limit) return connection
    connection.close()
    throw databaseProblem(limit, database)
  } catch (error) {
    if (['damaged', 'not-a-database', 'stale-wal', 'newer-database'].includes(codeOf(error) ?? '')) return undefined
    throw error
  }
}

/** Copies the candidate into the database as one transaction: other processes may have the database open. */
async function copyInto({ connection }: Candidate, current: Connection, context: Progress): Promise<void> {
  const schema = () => current.pragma('schema_version', { simple: true })
  const before = schema()
  matchPageSize(connection, current.pragma('page_size', { simple: true }))
  for (const until = Date.now() + BUSY_MS; ; ) {
    connection.pragma(`user_version = ${nextStamp(stampOf(current))}`)
    await copyDatabase(connection, current.name, context)
    // The copy reports success without having begun where another process holds the lock of writers.
    if (schema() !== before) return
    if (Date.now() > until) throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })
    await setTimeout(20)
  }
}

/** SQLite copies into a database in WAL mode only from one of the same page size. */
function matchPageSize(db: Connection, size: unknown): void {
  if (db.pragma('page_size', { simple: true }) === size) return
  db.pragma(`page_size = ${size}`)
  db.exec('vacuum')
}

/** Renames the candidate to the database, and first the files that are there; tells whether there were any. */
function moveInto({ connection, file }: Candidate, database: string, kept: string): boolean {
  connection.close()
  const moved: string[] = []
  try {
    for (const end of ['', '-wal', '-shm', '-journal']) {
      if (!fs.existsSync(`${database}${end}`)) continue
      fs.renameSync(`${database}${end}`, `${kept}${end}`)
      moved.push(end)
    }
    fs.renameSync(file, database)
    return moved.length > 0
  } catch (error) {
    for (const end of moved) fs.renameSync(`${kept}${end}`, `${database}${end}`)
    throw error
  }
}
