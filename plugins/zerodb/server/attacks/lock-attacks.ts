import { sql } from 'kysely'
import type { Attack } from './side-channels.ts'

const TABLES = ['meta', 'feed', 'session', 'message', 'share', 'share_key', 'person']
/** The modes of `lock table` that another user would notice; see "Explicit Locking" in the manual of PostgreSQL. */
const MODES = ['row exclusive', 'share update exclusive', 'share', 'share row exclusive', 'exclusive', 'access exclusive']

/** Attacks that stop others. */
export const LOCK_ATTACKS: readonly Attack[] = [
  {
    name: 'lock a table against everyone else',
    async run({ attacker }) {
      for (const table of TABLES)
        for (const mode of MODES) {
          // The answer ends the transaction, and with it the lock.
          const refused = await sql
            .raw(`do $$ begin lock table zerodb.${table} in ${mode} mode nowait; end $$`)
            .execute(attacker.db)
            .then(
              () => false,
              () => true,
            )
          if (!refused) return `the attacker locked zerodb.${table} in ${mode} mode`
        }
      return undefined
    },
  },
]
