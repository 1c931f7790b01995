import { sql } from 'kysely'
import type { Server } from '../server/connect.ts'
import { ask } from '../sync/ask.ts'
import { publicKeyOf } from './identity.ts'
import type { Master } from './master.ts'
import { codecFor } from './unlock.ts'

/**
 * Replaces `key_check`, and publishes the public key of the user. Changes nothing and returns false if `key_check` is no longer `before`,
 * or if the account is no longer at revision `rev`.
 */
export async function replaceKeyCheck(
  server: Server,
  master: Master,
  before: string | null,
  after: string,
  rev?: number,
): Promise<boolean> {
  const rows = await ask(
    server,
    sql`with changed as (
        insert into zerodb.feed as f (owner, key_check) values (zerodb.me(), ${after}::text)
        on conflict (owner) do update set key_check = excluded.key_check
        where f.key_check is not distinct from ${before}::text and f.rev = coalesce(${rev ?? null}::bigint, f.rev) returning owner
      ), published as (
        insert into zerodb.person (name, public_key) select owner, ${publicKeyOf(master)}::text from changed
        on conflict (name) do update set public_key = excluded.public_key
      ) select from changed`,
  )
  if (rows.length === 0) return false
  await codecFor(server, after)
  return true
}
