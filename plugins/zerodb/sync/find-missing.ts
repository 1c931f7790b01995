import { type Context, type Host, messageOf, oneLine, Problem, type Session } from 'ainative-code'
import { sql } from 'kysely'
import { accessTo } from '../../sqlite/index.ts'
import type { Codec } from '../encryption/codec.ts'
import { connect, type Server } from '../server/connect.ts'
import { ask } from './ask.ts'
import { withSyncLock } from './lock.ts'
import { titleIn, titleOf } from './plan.ts'
import { pullSessions, readServer } from './pull.ts'
import { PURGED, WITHDRAWN } from './registers.ts'
import type { SessionRow } from './rows.ts'
import { setUp } from './set-up.ts'

type Output = Pick<Context, 'note' | 'progress' | 'signal'>
type Found = Pick<Session, 'id' | 'title'>

/** How long a command waits for the connection, in seconds. */
const CONNECT_S = 3
/** How long a command waits for the answer, and for another sync, in milliseconds. */
const ANSWER_MS = 5000
/** How long the program sends no further request to a server that could not be reached, in milliseconds. */
const PAUSE_MS = 60_000
/** The maximum number of sessions to read. An id that matches more sessions is ambiguous anyway. */
const LIMIT = 11

/** The time of the last failure of each host. */
const failures = new WeakMap<Host, number>()

/**
 * Looks on the server for sessions whose id begins with `id`. Pulls the session if there is exactly one. If the server cannot be reached,
 * shows a note and returns undefined.
 */
export async function findMissing(host: Host, id: string, output: Output): Promise<Found[] | undefined> {
  if (Date.now() - (failures.get(host) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS) return undefined
  try {
    return await askServer(host, id, output)
  } catch (error) {
    output.signal.throwIfAborted()
    failures.set(host, Date.now())
    output.note(`could not look for ${id} on the ZeroDB server: ${oneLine(messageOf(error))}`)
    return undefined
  }
}

async function askServer(host: Host, id: string, { note, progress, signal }: Output): Promise<Found[] | undefined> {
  const access = await accessTo(host)
  if (!access) return undefined
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(new Problem('server-timeout', 'the server does not answer')), CONNECT_S * 1000 + ANSWER_MS)
  const server = await connect(host, { signal: AbortSignal.any([signal, limit.signal]), note, timeout: CONNECT_S })
  try {
    const { warning, codec } = await readServer(server)
    if (warning) note(`warning: ${warning}`)
    const found = await readIds(server, codec, id)
    clearTimeout(timer)
    const [first] = found
    if (!first || found.length > 1) return first && found
    progress(`fetching ${first.id}`)
    await withSyncLock(access, { signal, wait: ANSWER_MS }, async () => {
      await setUp(access, server)
      await pullSessions(access, server, [first.id])
    })
    return found
  } finally {
    clearTimeout(timer)
    progress('')
    await server.close()
  }
}

/** Reads the sessions whose id begins with this text. */
async function readIds(server: Server, codec: Codec | undefined, id: string): Promise<Found[]> {
  const rows = await ask(
    server,
    sql<Pick<SessionRow, 'registers'> & { id: string }>`
    select id, registers from zerodb.session
    where owner = zerodb.me() and id >= ${id} and id < ${`${id}{`} and registers - array[${PURGED}::text, ${WITHDRAWN}::text] <> '{}'
    order by id limit ${LIMIT}`,
  )
  return rows.map(({ id, registers }) => ({ id, title: titleOf(titleIn(codec, id, registers)) ?? '' }))
}
