import type { Host, Json, Session } from 'ainative-code'

/** Finds the sessions of this device, including the trash, whose origin matches. */
export async function sessionsWithOrigin(host: Host, matches: (origin: Json) => boolean): Promise<Session[]> {
  const found: Session[] = []
  const store = await host.store()
  for (const trashed of [false, true])
    for await (const session of store.list({ where: { trashed } })) if (session.origin && matches(session.origin)) found.push(session)
  return found
}

/** Finds the redacted copies of a session, which `session share --redact` creates. */
export const redactedCopies = (host: Host, id: string) => sessionsWithOrigin(host, ({ redacted }) => redacted === id)
