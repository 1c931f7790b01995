import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type ConnectOptions, connectTo, type Server } from '../connect.ts'
import { newPassword } from '../password.ts'
import { addTeam, joinTeam, listTeams, removeTeam } from '../teams.ts'
import { inTransaction } from '../transaction.ts'
import { addUser, listUsers, removeUser } from '../users.ts'

/** Two temporary users and a team on a server: the victim has rows and a share, the attacker has none. */
export interface Stage {
  admin: Server
  victim: Server
  attacker: Server
  /** The victim is the only member of this team, and shares a session with it. */
  team: string
  /** The id of the share. */
  share: string
  /** The attacker is the only member of this team. */
  ownTeam: string
  /** A word in each value of the victim's rows that the attacker must not see. */
  secret: string
  /** Opens another connection of the attacker. */
  reconnect(): Promise<Server>
}

/** The prefix of the names of temporary roles. The time of their creation in base 36 follows. */
const PREFIX = 'check-'
/** The lifetime of temporary roles, in milliseconds. After this time, they cannot log in, and the next check removes them. */
const LIFE_MS = 600_000

/** Runs `work` on a stage, and removes the stage. `open` opens a new connection as the admin, for the removal after an interrupt. */
export async function onStage<T>(
  admin: Server,
  open: () => Promise<Server>,
  options: ConnectOptions,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const prefix = `${PREFIX}${Date.now().toString(36)}-${randomBytes(3).toString('hex')}`
  const connections: Server[] = []
  try {
    await removeStages(admin, (name) => Date.now() - createdAt(name) > LIFE_MS)
    return await work(await build(admin, prefix, connections, options))
  } finally {
    await Promise.all(connections.map((each) => each.close()))
    const cleaner = await open()
    await removeStages(cleaner, (name) => name.startsWith(prefix)).finally(() => cleaner.close())
  }
}

async function build(admin: Server, prefix: string, connections: Server[], options: ConnectOptions): Promise<Stage> {
  const [team, ownTeam, until] = [`${prefix}-team`, `${prefix}-own`, new Date(Date.now() + LIFE_MS)]
  const login = async (user: string, password: string) => {
    const server = await connectTo({ ...admin.endpoint, user, password, isToken: false }, options)
    connections.push(server)
    return server
  }
  const passwords = { victim: newPassword(), attacker: newPassword() }
  for (const [role, password] of Object.entries(passwords)) await addUser(admin, `${prefix}-${role}`, password, until)
  for (const name of [team, ownTeam]) await addTeam(admin, name)
  await joinTeam(admin, team, `${prefix}-victim`)
  await joinTeam(admin, ownTeam, `${prefix}-attacker`)
  const victim = await login(`${prefix}-victim`, passwords.victim)
  const reconnect = () => login(`${prefix}-attacker`, passwords.attacker)
  const secret = `secret${randomBytes(8).toString('hex')}`
  const share = await fill(victim, team, secret)
  return { admin, victim, attacker: await reconnect(), team, share, ownTeam, secret, reconnect }
}

/** The number of the victim's messages: enough to be visible in the statistics of a table. */
const MESSAGES = 40

/** Writes the rows of the victim. Returns the id of the share. */
async function fill(victim: Server, team: string, secret: string): Promise<string> {
  const owner = victim.user
  const registers = JSON.stringify({ title: { v: secret } })
  const bodies = Array.from({ length: MESSAGES }, (_, i) => ({
    id: `${secret}-${i}`,
    rev: i + 2,
    place: `${secret}-${i}`,
    stamp: `${secret}-${i}`,
  }))
  return inTransaction(victim, async (tx) => {
    await tx
      .insertInto('zerodb.feed')
      .values({ owner, rev: MESSAGES + 1, key_check: secret })
      .execute()
    await tx.insertInto('zerodb.session').values({ owner, id: secret, rev: 1, registers }).execute()
    await tx
      .insertInto('zerodb.message')
      .values(bodies.map((each) => ({ owner, session: secret, body: `${secret} text`, ...each })))
      .execute()
    const share = await tx.insertInto('zerodb.share').values({ owner, session: secret, team }).returning('id').executeTakeFirstOrThrow()
    await sql`select zerodb.seal_share(${share.id}, null, ${secret}, '[]')`.execute(tx)
    return share.id
  })
}

/** Returns all rows of the victim as JSON, to detect changes. */
export async function snapshot({ victim }: Pick<Stage, 'victim'>): Promise<string> {
  const { rows } = await sql<{ state: string }>`
    select jsonb_build_object(
      'feed', (select jsonb_agg(f order by f.owner) from zerodb.feed f),
      'session', (select jsonb_agg(s order by s.owner, s.id) from zerodb.session s),
      'message', (select jsonb_agg(m order by m.owner, m.session, m.id) from zerodb.message m),
      'share', (select jsonb_agg(h order by h.id) from zerodb.share h),
      'team', (select jsonb_agg(t order by t.id) from zerodb.team_shares() t),
      'share_key', (select jsonb_agg(k order by k.share, k.member) from zerodb.share_key k))::text as state`.execute(victim.db)
  return rows[0]?.state ?? ''
}

const createdAt = (name: string) => Number.parseInt(name.slice(PREFIX.length), 36)

/** Removes temporary roles, first the users with their rows. */
async function removeStages(admin: Server, isOver: (name: string) => boolean): Promise<void> {
  const names = (all: { name: string }[]) => all.map(({ name }) => name).filter((name) => name.startsWith(PREFIX) && isOver(name))
  for (const name of names(await listUsers(admin))) await removeUser(admin, name)
  for (const name of names(await listTeams(admin))) await removeTeam(admin, name)
}
