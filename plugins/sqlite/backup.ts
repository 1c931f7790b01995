import fs from 'node:fs'
import { defineCommand, expandHome, type Host, Problem, plural, resolveNewFile, usage } from 'ainative-code'
import * as z from 'zod'
import type { Connection } from './connection.ts'
import { regularFile, writeCopy } from './copy-database.ts'
import { exists, openDatabase, realPath } from './database.ts'
import { databasePath } from './database-path.ts'
import { writeProblem } from './database-problem.ts'

/** The command `session backup`. */
export const backup = defineCommand({
  name: 'session backup',
  summary: 'Copy the whole database to a file',
  group: 'Sessions',
  argvAliases: ['sessions backup'],
  writes: true,
  fields: ['file', 'sessions', 'bytes'],
  args: ['file'],
  input: z.object({
    file: z.string().min(1, 'a file needs a name').describe('File to create').meta({ value: 'file', complete: 'file' }),
    force: z.boolean().default(false).describe('Replace the file if it exists'),
  }),
  examples: ['ainative-code session backup ~/sessions-backup.db'],
  async run({ file, force }, { host, signal, progress }) {
    const database = databasePath(host)
    let connection: Connection | undefined
    try {
      const target = targetOf(expandHome(file, host.env), database, force)
      connection = await openSource(database, host)
      await writeCopy(connection, target, { signal, progress })
      return { file, sessions: countSessions(connection), bytes: fs.statSync(target).size }
    } catch (error) {
      throw writeProblem(error, file)
    } finally {
      connection?.close()
    }
  },
  print: ({ file, sessions, bytes }) => `Wrote a backup of ${plural(sessions, 'session')} (${sizeText(bytes)}) to ${file}\n`,
})

const sizeText = (bytes: number) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`)

/** Counts the visible sessions of a database. */
export const countSessions = (db: Connection): number =>
  db.prepare('select count(*) from sessions where staged is null').pluck().get() as number

async function openSource(database: string, host: Host): Promise<Connection> {
  if (exists(database)) return (await openDatabase(database, host)).connection
  throw new Problem('no-database', `there is no database yet: ${database} does not exist`, {
    hint: 'ainative-code session create creates the database',
  })
}

/** Resolves the path of the backup. Throws a Problem if the path is the database itself, or an existing file without --force. */
function targetOf(file: string, database: string, force: boolean): string {
  if (file === '-') throw usage('session backup cannot write to standard output', 'ainative-code session export --all -o -')
  const existing = regularFile(file, 'write')
  const target = existing ?? resolveNewFile(file)
  const source = realPath(database)
  if (['', '-wal', '-shm', '-journal'].some((end) => target === `${source}${end}`))
    throw usage(`${file} is the database itself`, 'choose another file for the backup')
  if (existing && !force) throw new Problem('exists', `${file} already exists`, { hint: '--force replaces it' })
  if (fs.statSync(`${target}-wal`, { throwIfNoEntry: false })?.size)
    throw new Problem('in-use', `${target}-wal exists: another program is using ${file}, or was killed while it used the file`, {
      hint: 'choose another file for the backup',
    })
  return target
}
