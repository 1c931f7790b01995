import { sql } from 'kysely'
import type { Server } from '../connect.ts'
import { joinTeam, leaveTeam } from '../teams.ts'
import type { Attack } from './side-channels.ts'
import type { Stage } from './stage.ts'

/** Counts the rows of the shared session that a connection reads, directly and through the functions for shares. */
async function countRows({ db }: Server, { victim, secret, share }: Stage): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from zerodb.session where owner = ${victim.user}) + (select count(*) from zerodb.message where owner = ${victim.user})
      + (select count(*) from zerodb.team_shares() where owner = ${victim.user} and session = ${secret}) + (select count(*) from zerodb.shared_sessions(${share}))
      + (select count(*) from zerodb.shared_messages(${share}, 0, '', 99, 9999)) + (select count(zerodb.share_key(${share})))
      as count`.execute(db)
  return Number(rows[0]?.count)
}

/** Makes the attacker a member of the victim's team, runs `work`, and ends the membership. */
async function asTeamMember<T>({ admin, team, attacker }: Stage, work: () => Promise<T>): Promise<T> {
  await joinTeam(admin, team, attacker.user)
  try {
    return await work()
  } finally {
    await leaveTeam(admin, team, attacker.user)
  }
}

const leakOf = (rows: number) => (rows > 0 ? `the attacker read ${rows} rows` : undefined)

/** Attacks by a member of the team, and by a former member. */
export const MEMBER_ATTACKS: readonly Attack[] = [
  {
    name: 'change a session that is shared with the team',
    async run(stage) {
      const { attacker, secret } = stage
      return asTeamMember(stage, async () => {
        if ((await countRows(attacker, stage)) === 0) return 'a member of the team sees nothing, so the test proves nothing'
        const changes = [
          attacker.db.updateTable('zerodb.session').set({ needs: 9 }).where('id', '=', secret),
          attacker.db.updateTable('zerodb.share').set({ expires_at: null }).where('session', '=', secret),
          attacker.db.deleteFrom('zerodb.message').where('session', '=', secret),
          attacker.db.deleteFrom('zerodb.share').where('session', '=', secret),
        ]
        for (const change of changes) {
          const [result] = await change.execute().catch(() => [])
          if (Object.values(result ?? {}).some((count) => Number(count) > 0)) return 'a member changed the session of another'
        }
        return undefined
      })
    },
  },
  {
    name: 'read after leaving the team, in an open transaction',
    async run(stage) {
      const server = await stage.reconnect()
      return server.db
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (tx) => {
          const connection = { ...server, db: tx }
          const member = await asTeamMember(stage, () => countRows(connection, stage))
          return member === 0 ? 'a member of the team sees nothing, so the test proves nothing' : leakOf(await countRows(connection, stage))
        })
    },
  },
  {
    name: 'read a session whose owner left the team',
    async run(stage) {
      const { admin, team, victim, attacker } = stage
      return asTeamMember(stage, async () => {
        await leaveTeam(admin, team, victim.user)
        try {
          return leakOf(await countRows(attacker, stage))
        } finally {
          await joinTeam(admin, team, victim.user)
        }
      })
    },
  },
  {
    name: 'read a share that has expired',
    async run(stage) {
      const { victim, attacker, secret } = stage
      const expire = (date: Date | null) =>
        victim.db.updateTable('zerodb.share').set({ expires_at: date }).where('session', '=', secret).execute()
      await expire(new Date(Date.now() - 86_400_000))
      try {
        return await asTeamMember(stage, async () => leakOf(await countRows(attacker, stage)))
      } finally {
        await expire(null)
      }
    },
  },
  {
    name: 'read a share that was withdrawn',
    async run(stage) {
      const { victim, attacker } = stage
      return asTeamMember(stage, async () => {
        await sql`select zerodb.end_shares(array(select id from zerodb.share))`.execute(victim.db)
        return leakOf(await countRows(attacker, stage))
      })
    },
  },
]
