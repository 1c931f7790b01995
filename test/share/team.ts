import { addTeam, joinTeam } from '../../plugins/zerodb/server/teams.ts'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'
import { openPostgres, userOn, withServer } from '../helpers/postgres.ts'

/** A user with a device, whose commands run in the test's process. */
export interface Member {
  name: string
  home: Home
  endpoint: string
}

/** Adds a team to the server, with a new user for each name. */
export async function teamOf(team: string, ...names: string[]): Promise<Member[]> {
  const pg = await openPostgres()
  const members: Member[] = []
  for (const name of names) {
    const endpoint = await userOn(pg, `${team}-${name}`)
    members.push({ name: `${team}-${name}`, endpoint, home: here(makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })) })
  }
  await withServer(pg.admin, async (server) => {
    await addTeam(server, team)
    for (const { name } of members) await joinTeam(server, team, name)
  })
  return members
}

/** Turns encryption on for a member: a key, the setting, and a sync that publishes the public key. */
export async function encrypt({ home }: Member): Promise<void> {
  await home.ok('zerodb', 'key', 'new')
  home.write(USER_CONFIG, 'services: { zerodb: { encryption: true } }\n')
  await home.ok('session', 'sync')
}

/** Shares a session, and returns the shared id. */
export const shareOf = async ({ home }: Member, id: string, team: string, ...flags: string[]) =>
  (await home.ok('session', 'share', id, '--team', team, '--force', ...flags)).trim()
