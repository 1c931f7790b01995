import fs from 'node:fs'
import path from 'node:path'
import { messageOf, plural } from 'ainative-code'
import type { Access } from './access.ts'
import { realPath } from './database.ts'
import type { Finding } from './hooks.ts'

/** The checks of the database that `doctor` runs, by name. */
export const databaseChecks: Record<'database' | 'counters' | 'permissions', (access: Access) => Finding[]> = {
  database,
  counters,
  permissions,
}

function database({ connection }: Access): Finding[] {
  return [...faultsOf(connection), ...brokenLinks(connection)]
}

/** Runs SQLite's own check. The search plugin checks its index itself. */
function faultsOf(connection: Access['connection']): Finding[] {
  try {
    const rows = connection.pragma('quick_check(20)') as { quick_check: string }[]
    return rows
      .filter(({ quick_check }) => quick_check !== 'ok' && !/search_/.test(quick_check))
      .map(({ quick_check }) => ({ problem: quick_check }))
  } catch (error) {
    return [{ problem: messageOf(error) }]
  }
}

function brokenLinks(connection: Access['connection']): Finding[] {
  const rows = connection.pragma('foreign_key_check') as { table: string }[]
  return rows.length === 0 ? [] : [{ problem: `${rows.length} rows of ${rows[0]?.table} belong to a row that does not exist` }]
}

const WRONG = `select pk from sessions s where staged is null
  and message_count <> (select count(*) from messages where messages.session = s.pk)`

function counters({ connection, write }: Access): Finding[] {
  const wrong = connection.prepare(`select count(*) from (${WRONG})`).pluck().get() as number
  if (wrong === 0) return []
  return [
    {
      problem: `the number of messages is wrong in ${plural(wrong, 'session')}`,
      remedy: 'recount the messages',
      fix: () =>
        write(async () => {
          connection.exec(
            `update sessions set message_count = (select count(*) from messages where session = sessions.pk) where pk in (${WRONG})`,
          )
        }),
    },
  ]
}

/** Finds files that other users can read or write: the database, and its folder if the program created that folder. */
function permissions({ connection }: Access): Finding[] {
  if (connection.memory || process.platform === 'win32') return []
  const file = realPath(connection.name)
  const files = [file, `${file}-wal`, `${file}-shm`].filter((each) => fs.existsSync(each))
  const folder = path.dirname(file)
  const folders = path.basename(folder) === 'ainative-code' ? [folder] : []
  return [...files.map((each) => checkMode(each, 0o600)), ...folders.map((each) => checkMode(each, 0o700))].flat()
}

function checkMode(place: string, mode: number): Finding[] {
  const now = fs.statSync(place).mode & 0o777
  if ((now & 0o077) === 0) return []
  return [
    {
      problem: `other users can access ${place} (mode ${now.toString(8)})`,
      remedy: `set mode ${mode.toString(8)}`,
      fix: async () => fs.chmodSync(place, mode),
    },
  ]
}
