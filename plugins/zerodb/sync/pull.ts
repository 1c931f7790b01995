import { sql } from 'kysely'
import { type Access, yieldToEvents } from '../../sqlite/index.ts'
import type { Codec } from '../encryption/codec.ts'
import { createReader } from '../encryption/reader.ts'
import { codecFor, codecOf, KEY_CHECK } from '../encryption/unlock.ts'
import type { Server } from '../server/connect.ts'
import { checkStanding, STANDING, type Standing } from '../server/standing.ts'
import type { Page } from './apply.ts'
import { applyRows } from './apply-rows.ts'
import { ask, awaitedLater } from './ask.ts'
import { localOf, readState, writeState } from './local.ts'
import type { MessageRow, SessionRow } from './rows.ts'
import { checkDevice } from './set-up.ts'

/** The number of rows of a page. */
const PAGE = 1000
/** The number of bytes after which a page ends early, so that long messages do not fill the memory. */
const PAGE_BYTES = 8_000_000

/** The server's side of an account: its revision and digest. */
export interface Feed extends ServerState {
  rev: number
  digest: string
}

/** What the server says of itself. */
export interface ServerState {
  /** Its time, in milliseconds UTC. */
  now: number
  /** A warning about the rights of the role. */
  warning: string | undefined
  /** Decrypts the rows; undefined if the account is not encrypted. */
  codec: Codec | undefined
}

/** The counts of what was applied. */
export interface Applied {
  sessions: number
  messages: number
}

type Row = SessionRow | MessageRow

/** The digest of an account without rows. */
const NO_DIGEST = '0'.repeat(128)

/** Reads the page of changes after a revision, and the feed, in one query. */
async function readPage(server: Server, after: number): Promise<{ feed: Feed; rows: Row[]; after: number }> {
  type Answer = {
    rev: number | null
    digest: string | null
    key_check: string | null
    now: number
    standing: Standing | null
    rows: Row[] | null
  }
  const [answer] = await ask(server, sql<{ page: Answer }>`select zerodb.changes(${after}, ${PAGE}, ${PAGE_BYTES}) as page`)
  const page = answer?.page
  const warning = page && checkStanding(page.standing, server)
  const codec = await codecFor(server, page?.key_check ?? null)
  const feed = { rev: page?.rev ?? 0, digest: page?.digest ?? NO_DIGEST, now: page?.now ?? 0, warning, codec }
  return { feed, rows: page?.rows ?? [], after }
}

/** Reads the state of the server. Throws a Problem if the role may not sync. */
export async function readServer(server: Server): Promise<ServerState> {
  const [answer] = await ask(
    server,
    sql<{ now: number; standing: Standing | null; key_check: string | null }>`
    select extract(epoch from clock_timestamp())::float8 * 1000 as now, ${STANDING} as standing, ${KEY_CHECK} as key_check`,
  )
  const warning = answer && checkStanding(answer.standing, server)
  return { now: answer?.now ?? 0, warning, codec: await codecFor(server, answer?.key_check ?? null) }
}

/** Reads the sessions of messages that came before their session. */
async function readSessions(server: Server, ids: string[]): Promise<SessionRow[]> {
  if (ids.length === 0) return []
  const rows = await ask(
    server,
    sql<
      Omit<SessionRow, 'kind'>
    >`select rev, id as session, registers, needs from zerodb.session where owner = zerodb.me() and id = any(${ids})`,
  )
  return rows.map((row) => ({ ...row, kind: 's' }))
}

/**
 * Applies all changes after the cursor, page by page: each page and its cursor in one transaction. The server prepares the next page
 * meanwhile. Returns the feed and the counts.
 */
export async function pull(access: Access, server: Server, onPage: (applied: Applied) => void): Promise<Feed & Applied> {
  const local = localOf(access.connection)
  const cursor = () => Number(local.state('cursor') ?? 0)
  const total = createTotal()
  for (let page = await readPage(server, cursor()); ; ) {
    const { feed, rows, after } = page
    const last = rows.at(-1)
    if (!last) return { ...feed, ...total.counts() }
    const next = awaitedLater(readPage(server, last.rev))
    total.add(await applyPage(access, server, feed.codec, rows, { from: after, to: last.rev }))
    onPage(total.counts())
    // Another process may have moved the cursor back.
    page = cursor() === last.rev ? await next : await readPage(server, cursor())
  }
}

/** Applies all changes of some sessions, wherever the cursor is. */
export async function pullSessions(access: Access, server: Server, ids: string[]): Promise<Applied> {
  const total = createTotal()
  const codec = await codecOf(server)
  const sessions = await readSessions(server, ids)
  if (sessions.length > 0) total.add(await applyPage(access, server, codec, sessions))
  for (let after = { session: '', key: '' }; ; ) {
    const rows = await ask(
      server,
      sql<MessageRow>`
      select kind, rev, session, key, place, stamp, body, needs from (
        select *, sum(octet_length(body)) over (order by session, key rows between unbounded preceding and 1 preceding) as before from (
          select 'm' as kind, rev, session, id as key, place, stamp, body, needs from zerodb.message
          where owner = zerodb.me() and session = any(${ids}) and (session, id) > (${after.session}, ${after.key})
          order by session, id limit ${PAGE}) page) numbered
      where coalesce(before, 0) < ${PAGE_BYTES} order by session, key`,
    )
    const last = rows.at(-1)
    if (!last) return total.counts()
    total.add(await applyPage(access, server, codec, rows))
    after = last
  }
}

/** Counts the pages: a session that several pages change counts once. */
function createTotal() {
  const sessions = new Set<string>()
  let messages = 0
  return {
    add(page: Page) {
      for (const id of page.ids) sessions.add(id)
      messages += page.messages
    },
    counts: (): Applied => ({ sessions: sessions.size, messages }),
  }
}

/** Applies rows, and moves the cursor, in one transaction. Does nothing if the cursor is no longer where the page begins. */
async function applyPage(
  access: Access,
  server: Server,
  codec: Codec | undefined,
  rows: Row[],
  cursor?: { from: number; to: number },
): Promise<Page> {
  // The query for the next page leaves first.
  await yieldToEvents()
  const local = localOf(access.connection)
  const messages = rows.filter((row): row is MessageRow => row.kind === 'm')
  const sessions = rows.filter((row): row is SessionRow => row.kind === 's')
  const inPage = new Set(sessions.map(({ session }) => session))
  const reader = createReader(local, codec)
  const missing = new Set(messages.filter((row) => !inPage.has(row.session) && !reader.knows(row)).map(({ session }) => session))
  sessions.push(...(await readSessions(server, [...missing])))
  return access.write(async () => {
    if (cursor && cursor.from !== Number(local.state('cursor') ?? 0)) return { ids: new Set(), messages: 0 }
    checkDevice(access.connection, reader, rows)
    const state = readState(local)
    if (!state) throw new Error('sync is not set up')
    const counts = applyRows(access.connection, state, reader, [...sessions, ...messages])
    writeState(local, state)
    if (cursor) local.setState('cursor', String(cursor.to))
    return counts
  })
}
