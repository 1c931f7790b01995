import type { Host, Json, Session } from 'ainative-code'

/** The sessions of this device, those in the trash included, whose origin has this value. */
export async function sessionsWithOrigin(host: Host, fits: (origin: Json) => boolean): Promise<Session[]> {
  const found: Session[] = []
  const store = await host.store()
  for (const trashed of [false, true])
    for await (const session of store.list({ where: { trashed } })) if (session.origin && fits(session.origin)) found.push(session)
  return found
}

/** The redacted copies of a session, which `session share --redact` makes. */
export const redactedCopies = (host: Host, id: string) => sessionsWithOrigin(host, ({ redacted }) => redacted === id)
