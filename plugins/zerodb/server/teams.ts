import { Problem } from 'ainative-code'
import { sql } from 'kysely'
import type { Server } from './connect.ts'
import { dropRole } from './drop-role.ts'
import { requireSchema } from './require-schema.ts'
import { ROLES } from './rights.ts'
import { inTransaction, isMember, ownRole, removeRows, requireRole, roleExists, type Tx } from './transaction.ts'

/** A team, and the names of its members. */
export interface Team {
  name: string
  members: string[]
}

/** The rows of a team. */
const SHARES = [['share', 'team']] as const

/** Creates a team: a group role that is a member of zerodb_team, and whose members are these users. */
export const addTeam = (server: Server, name: string, users: string[] = []): Promise<void> =>
  inTransaction(server, async (tx) => {
    await requireSchema(tx)
    if (await isMember(tx, name, ROLES.team))
      throw new Problem('exists', `there is already a team ${name}`, {
        hint: `ainative-code zerodb team join ${name} ${users[0] ?? 'USER'}`,
      })
    if (await roleExists(tx, name))
      throw new Problem('exists', `the role ${name} exists already`, { hint: 'choose another name; ainative-code zerodb team list' })
    // A transaction that was open when a team of this name was removed may have added a share later.
    if ((await ownRole(tx)).isAdmin) await removeRows(tx, name, SHARES)
    await sql`create role ${sql.id(name)} nologin`.execute(tx)
    await sql`grant ${sql.id(ROLES.team)} to ${sql.id(name)}`.execute(tx)
    for (const user of users) {
      await requireRole(tx, 'user', user)
      await sql`grant ${sql.id(name)} to ${sql.id(user)}`.execute(tx)
    }
  })

/** Removes a team and its shares. The shared sessions stay with their owners. */
export const removeTeam = (server: Server, name: string): Promise<void> =>
  inTransaction(server, async (tx) => {
    await requireSchema(tx)
    await requireRole(tx, 'team', name)
    await dropRole(tx, name)
    await removeRows(tx, name, SHARES)
  })

/** Adds a user to a team. Returns false if the user is a member already. */
export const joinTeam = (server: Server, team: string, user: string): Promise<boolean> =>
  changeMembership(server, team, user, async (tx, member) => {
    if (member) return false
    await sql`grant ${sql.id(team)} to ${sql.id(user)}`.execute(tx)
    return true
  })

/** Removes a user from a team, with immediate effect on open connections. Returns false if the user is no member. */
export const leaveTeam = (server: Server, team: string, user: string): Promise<boolean> =>
  changeMembership(server, team, user, async (tx, member) => {
    if (!member) return false
    await sql`revoke ${sql.id(team)} from ${sql.id(user)}`.execute(tx)
    if (await isMember(tx, user, team))
      throw new Problem('server-rights', `another admin made ${user} a member of ${team}, and only that admin can end it`, {
        hint: 'run the command as that admin, or as a superuser',
      })
    return true
  })

async function changeMembership(
  server: Server,
  team: string,
  user: string,
  change: (tx: Tx, member: boolean) => Promise<boolean>,
): Promise<boolean> {
  return inTransaction(server, async (tx) => {
    await requireSchema(tx)
    await requireRole(tx, 'team', team)
    await requireRole(tx, 'user', user)
    return change(tx, await isMember(tx, user, team))
  })
}

/** Lists the teams by name. */
export const listTeams = (server: Server): Promise<Team[]> =>
  inTransaction(server, async (tx) => {
    await requireSchema(tx)
    const { rows } = await sql<Team>`
      select t.rolname::text as name, array(
        select distinct r.rolname::text from pg_auth_members m join pg_roles r on r.oid = m.member
        where m.roleid = t.oid and r.rolcanlogin and pg_has_role(r.oid, t.oid, 'usage') order by 1) as members
      from pg_roles t join pg_auth_members mark on mark.member = t.oid join pg_roles g on g.oid = mark.roleid
      where g.rolname = ${ROLES.team} and not t.rolcanlogin order by 1`.execute(tx)
    return rows
  })
