import { Problem } from 'ainative-code'
import { type RawBuilder, sql } from 'kysely'
import type { Access } from '../../sqlite/index.ts'
import type { Server } from '../server/connect.ts'
import { accountOf } from '../server/endpoint.ts'
import { ask } from '../sync/ask.ts'
import { isPublicKey } from './identity.ts'
import { newKeyText, pinned, requirePin } from './pins.ts'

/** A member of a team, with the public key that the server has for the member. */
export interface Member {
  name: string
  key: string | null
}

/** Members by whether a session can be sealed for them. */
export interface Members {
  /** The public keys by name. */
  readers: Map<string, string>
  /** Those who have no public key yet, or an invalid one. */
  keyless: string[]
  /** Why the key of a member is refused: it has changed. */
  refused: Problem[]
}

/** The other members of a team, as a JSON list; `team` is its name. */
export const membersOf = (team: RawBuilder<unknown>) => sql<Member[]>`coalesce((
  select jsonb_agg(distinct jsonb_build_object('name', r.rolname, 'key', p.public_key))
  from pg_roles t join pg_auth_members m on m.roleid = t.oid join pg_roles r on r.oid = m.member
    left join zerodb.person p on p.name = r.rolname::text
  where t.rolname = ${team} and r.rolcanlogin and r.rolname <> zerodb.me() and pg_has_role(r.oid, t.oid, 'usage')), '[]')`

/** Reads the other members of a team. */
export async function readMembers(server: Server, team: string): Promise<Member[]> {
  const [row] = await ask(server, sql<{ members: Member[] }>`select ${membersOf(sql`${team}::text`)} as members`)
  return row?.members ?? []
}

/** Compares the public keys of members with those that this device trusts, and remembers new ones. */
export async function checkMembers(
  access: Access,
  server: Server,
  members: readonly Member[],
  warn: (text: string) => void,
): Promise<Members> {
  const result: Members = { readers: new Map(), keyless: [], refused: [] }
  for (const { name, key } of members) {
    if (key === null || (pinned(access, accountOf(server), name) !== key && !isPublicKey(key))) {
      result.keyless.push(name)
      continue
    }
    try {
      if (await requirePin(access, accountOf(server), name, key)) warn(newKeyText(name, key))
      result.readers.set(name, key)
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'key') throw error
      result.refused.push(error)
    }
  }
  return result
}

/** A refused key, as a warning. */
export const refusedText = ({ message, hint }: Problem) => `${message}. Nothing is sealed for this key: ${hint}`
