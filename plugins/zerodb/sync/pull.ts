import { sql } from 'kysely'
import type { Access } from '../../sqlite/index.ts'
import type { Server } from '../server/connect.ts'
import { startApply } from './apply.ts'
import { localOf, readState, writeState } from './local.ts'
import type { MessageRow, SessionRow } from './rows.ts'

/** The number of rows of a page. */
const PAGE = 500
/** The number of bytes after which a page ends early, so that long messages do not fill the memory. */
const PAGE_BYTES = 16_000_000

/** The server's side of an account: its revision and digest. */
export interface Feed {
  rev: number
  digest: string
}

/** The counts of what was applied. */
export interface Applied {
  sessions: number
  messages: number
}

type Row = SessionRow | MessageRow

/** Reads the next page of changes, and the feed, in one query. */
async function readPage({ db }: Server, cursor: number): Promise<{ feed: Feed; rows: Row[] }> {
  const { rows } = await sql<{ rev: number | null; digest: string | null; rows: Row[] | null }>`
    with page as (
      select * from (
        (select 's' as kind, rev, id as session, registers, null as key, null as place, null as stamp, null as body
          from zerodb.session where owner = zerodb.me() and rev > ${cursor} order by rev limit ${PAGE})
        union all
        (select 'm', rev, session, null, id, place, stamp, body
          from zerodb.message where owner = zerodb.me() and rev > ${cursor} order by rev limit ${PAGE})
      ) rows order by rev limit ${PAGE}
    ), sized as (
      select *, sum(coalesce(length(body), 0)) over (order by rev rows between unbounded preceding and 1 preceding) as before from page
    )
    select f.rev, f.digest, (select json_agg(json_build_object('kind', kind, 'rev', rev, 'session', session, 'registers', registers,
      'key', key, 'place', place, 'stamp', stamp, 'body', body) order by rev) from sized where coalesce(before, 0) < ${PAGE_BYTES}) as rows
    from (select zerodb.me() as owner) me left join zerodb.feed f using (owner)`.execute(db)
  const [row] = rows
  return { feed: { rev: row?.rev ?? 0, digest: row?.digest ?? '' }, rows: row?.rows ?? [] }
}

/** Reads the sessions of messages that came before their session. */
async function readSessions({ db }: Server, ids: string[]): Promise<SessionRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Omit<SessionRow, 'kind'>>`
    select rev, id as session, registers from zerodb.session where owner = zerodb.me() and id = any(${ids})`.execute(db)
  return rows.map((row) => ({ ...row, kind: 's' }))
}

/** Applies all changes after the cursor, page by page: each page and its cursor in one transaction. Returns the feed and the counts. */
export async function pull(access: Access, server: Server, onPage: (applied: Applied) => void): Promise<Feed & Applied> {
  const local = localOf(access.connection)
  const total: Applied = { sessions: 0, messages: 0 }
  for (;;) {
    const { feed, rows } = await readPage(server, Number(local.state('cursor') ?? 0))
    if (rows.length === 0) return { ...feed, ...total }
    const messages = rows.filter((row): row is MessageRow => row.kind === 'm')
    const sessions = rows.filter((row): row is SessionRow => row.kind === 's')
    const known = new Set(sessions.map(({ session }) => session))
    const missing = [...new Set(messages.map(({ session }) => session))].filter((id) => !known.has(id) && local.registers(id).size === 0)
    sessions.push(...(await readSessions(server, missing)))
    const applied = await access.write(async () => {
      const state = readState(local)
      if (!state) throw new Error('sync is not set up')
      const apply = startApply(access.connection, state)
      for (const row of sessions) apply.session(row)
      for (const row of messages) apply.message(row)
      const counts = apply.end()
      writeState(local, state)
      local.setState('cursor', String(rows.at(-1)?.rev ?? 0))
      return counts
    })
    total.sessions += applied.sessions
    total.messages += applied.messages
    onPage(total)
  }
}
