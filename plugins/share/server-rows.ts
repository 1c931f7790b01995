import { Problem } from 'ainative-code'
import { type RawBuilder, sql } from 'kysely'
import { type Server, serverClient } from '../zerodb/index.ts'

/** A shared session as the server returns it. None of its values is trusted, because another user wrote them. */
export interface SessionRow {
  id: string
  owner: string
  /** The id that the session has on the owner's devices. */
  session: string
  team: string
  created_at: unknown
  expires_at: unknown
  registers: Record<string, unknown>
  /** The lowest version of a client that understands the row. */
  needs: number
  /** The number of messages. */
  messages: number
  /** The newest stamp and the newest revision of the messages. */
  newest: string | null
  rev: number | null
  /** The keys of the session, sealed for the user; null for a session without encryption. */
  sealed: string | null
  /** The public key that the server has for the owner. */
  sender: string | null
}

/** A message of a shared session. */
export interface MessageRow {
  id: string
  rev: number
  /** Messages of a session are in the order of `place`. */
  place: string
  stamp: string
  /** Null for a removed message. */
  body: string | null
  needs: number
}

/** A shared session, and its messages after a revision. */
export interface SharedRows {
  session: SessionRow
  messages: MessageRow[]
  /** The newest revision of the messages. */
  rev: number
}

/** Returns SQL that selects the shared sessions whose id starts with a prefix. */
const sessionsWith = (prefix: string) => sql<SessionRow>`
  select s.*, t.session, zerodb.share_key(s.id) as sealed, p.public_key as sender
  from zerodb.shared_sessions(${prefix}) s join zerodb.team_shares() t on t.id = s.id left join zerodb.person p on p.name = s.owner`

/** Reads the sessions that are shared with the teams of the user. */
export async function readList(server: Server): Promise<SessionRow[]> {
  const { ask } = await serverClient()
  return ask(server, sessionsWith(''))
}

/** The maximum number of messages and of bytes in one page. */
const PAGE = 2000
const PAGE_BYTES = 16_000_000

/**
 * Reads a shared session and its messages with a revision after `since`, all from one state of the server. `word` is the shared id, or the
 * start of the id. Throws a Problem unless `word` matches exactly one session that is shared with the user.
 */
export async function readRows(server: Server, word: string, since: number): Promise<SharedRows> {
  const { withProblems } = await serverClient()
  return withProblems(server, () =>
    server.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => {
        const run = async <T>(statement: RawBuilder<T>) => (await statement.execute(tx)).rows
        const session = await readSession(run, word)
        const messages = new Map<string, MessageRow>()
        // A server that was restored from a backup has older revisions.
        const from = (session.rev ?? 0) < since ? 0 : since
        for (let after = ''; ; ) {
          const page = await run(
            sql<MessageRow>`select * from zerodb.shared_messages(${session.id}, ${from}, ${after}, ${PAGE}, ${PAGE_BYTES})`,
          )
          const last = page.at(-1)
          if (!last) return { session, messages: [...messages.values()], rev: session.rev ?? 0 }
          if (messages.has(last.id)) throw new Problem('server-failed', 'the server returned the same messages twice')
          for (const each of page) messages.set(each.id, each)
          after = last.id
        }
      }),
  )
}

/** The maximum number of candidates that the error for an ambiguous id lists. */
const CANDIDATES = 10

async function readSession(run: <T>(statement: RawBuilder<T>) => Promise<T[]>, word: string): Promise<SessionRow> {
  const rows = await run(sql<SessionRow>`${sessionsWith(word)} order by s.id limit ${CANDIDATES + 1}`)
  const [first, second] = rows
  if (!first) throw notShared(word)
  if (!second) return first
  const list = rows.slice(0, CANDIDATES).map(({ id, owner }) => `\n  ${id}  ${owner}`)
  throw new Problem('ambiguous', `the id ${word} is ambiguous:${list.join('')}${rows.length > CANDIDATES ? '\n  …' : ''}`, {
    hint: 'use more characters of the id',
  })
}

/** The Problem for the id of an unknown share, an expired share, or a share of another team. The server does not reveal the difference. */
export const notShared = (word: string) =>
  new Problem('not-shared', `no session ${word} is shared with your teams`, { hint: 'ainative-code session list --shared' })
