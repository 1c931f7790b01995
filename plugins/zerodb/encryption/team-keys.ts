import { Problem } from 'ainative-code'
import { type RawBuilder, sql } from 'kysely'
import type { Access } from '../../sqlite/index.ts'
import type { Server } from '../server/connect.ts'
import { accountOf } from '../server/endpoint.ts'
import { ask } from '../sync/ask.ts'
import { isPublicKey } from './identity.ts'
import { newKeyText, pinnedKey, requirePin } from './pins.ts'

/** A member of a team, with the public key that the server has for the member. */
export interface Member {
  name: string
  key: string | null
}

/** The members of a team, grouped by the state of their public keys. */
export interface Members {
  /** The public keys of members for whom a session can be sealed, by name. */
  readers: Map<string, string>
  /** The names of members without a valid public key. */
  keyless: string[]
  /** One Problem for each member whose public key has changed. */
  refused: Problem[]
}

/** Returns SQL for the other members of a team, as a JSON list. `team` is the SQL of the name of the team. */
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

/** Compares the public keys of members with the keys that this device trusts. Trusts new keys, with a call of `warn` for each. */
export async function checkMembers(
  access: Access,
  server: Server,
  members: readonly Member[],
  warn: (text: string) => void,
): Promise<Members> {
  const result: Members = { readers: new Map(), keyless: [], refused: [] }
  for (const { name, key } of members) {
    if (key === null || (pinnedKey(access, accountOf(server), name) !== key && !isPublicKey(key))) {
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

/** The warning about a refused key. */
export const refusedText = ({ message, hint }: Problem) => `${message}. Nothing is sealed for this key: ${hint}`
