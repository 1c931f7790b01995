import type { Host, Json, Session } from 'ainative-code'
import { sql } from 'kysely'
import { type Server, serverClient } from '../zerodb/index.ts'
import { registersOf } from './shared-session.ts'

/** Finds the sessions of this device, including the trash, whose origin matches. */
export async function sessionsWithOrigin(host: Host, matches: (origin: Json) => boolean): Promise<Session[]> {
  const found: Session[] = []
  const store = await host.store()
  for (const trashed of [false, true])
    for await (const session of store.list({ where: { trashed } })) if (session.origin && matches(session.origin)) found.push(session)
  return found
}

/**
 * Returns the ids of the redacted copies of a session, which `session share --redact` creates: those on this device, and shared ones of
 * other devices, which this device may not have read yet.
 */
export async function redactedCopies(host: Host, server: Server, id: string): Promise<string[]> {
  const here = await sessionsWithOrigin(host, ({ redacted }) => redacted === id)
  const shared = (await readShared(server)).filter(({ origin }) => origin?.redacted === id)
  return [...new Set([...here, ...shared].map((copy) => copy.id))]
}

/** Reads the sessions that the user shares. Omits a session that this device cannot decrypt. */
async function readShared(server: Server): Promise<Session[]> {
  const { ask, codecOf, sessionOf } = await serverClient()
  const codec = await codecOf(server)
  const rows = await ask(
    server,
    sql<{
      session: string
      registers: Record<string, { v: string | null; h: string }>
    }>`select d.id as session, d.registers from zerodb.session d
      where d.owner = zerodb.me() and d.id in (select s.session from zerodb.share s where s.owner = zerodb.me())`,
  )
  return rows.flatMap(({ session, registers }) => {
    try {
      const opened = codec?.openSession({ kind: 's', rev: 0, needs: 1, session, registers }).registers ?? registers
      return [sessionOf(session, registersOf(opened), '')]
    } catch {
      return []
    }
  })
}
