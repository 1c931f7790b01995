import { expect } from 'vitest'
import { openPostgres } from '../helpers/postgres.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { runSql } from '../helpers/sql.ts'
import { encrypt, type Member, shareOf, teamOf } from './team.ts'

export const ID = 'sample000001'

/** A team whose members encrypt, with a session that the first of them shares. */
export async function shared(team: string): Promise<{ alice: Member; bob: Member; id: string }> {
  const [alice, bob] = (await teamOf(team, 'alice', 'bob')) as [Member, Member]
  for (const member of [alice, bob]) await encrypt(member)
  const metadata = { tags: ['geheimtag'], note: 'geheimwert' }
  await seed(alice.home, sample(1, { title: 'Geheimplan', metadata, messages: talk('geheime Frage', 'geheime Antwort') }))
  return { alice, bob, id: await shareOf(alice, ID, team) }
}

/** Adds a message to a session, as the owner of a device. */
export async function add({ home }: Member, content: string): Promise<void> {
  const timestamp = new Date(Date.UTC(2025, 0, 1) + added++ * 1000).toISOString()
  const file = home.write('more.json', JSON.stringify(sample(1, { messages: [{ role: 'user', content, timestamp }] })))
  await home.ok('session', 'import', '--merge', '-i', file)
}
let added = 0

export const raw = ({ home }: Member, id: string) => home.ok('session', 'show', id, '--raw')

/** A command of a member that has to fail with these words, and without a word of the session. */
export async function refuses({ home }: Member, says: RegExp, ...argv: string[]): Promise<void> {
  const { code, stdout, stderr } = await home.run(...argv)
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(says) })
  expect(stderr).not.toMatch(/geheim/i)
}

/** All rows of the users of encrypted teams, as text: other files of the worker use the same server, and do not encrypt. */
export async function dump(): Promise<string> {
  const { admin } = await openPostgres()
  const texts: unknown[] = []
  for (const table of ['feed', 'session', 'message', 'share', 'share_key', 'person'])
    texts.push(await runSql(admin, `select t::text as text from zerodb.${table} t where t::text like '%enc-%'`))
  return JSON.stringify(texts)
}

/** The keys that encrypt the messages of a user's session, in the order in which the messages were sent. */
export const keysOfMessages = async ({ endpoint }: Member): Promise<string[]> =>
  (await runSql(endpoint, `select split_part(body, ':', 2) as key from zerodb.message where session = '${ID}' order by rev`)).map(
    (row) => (row as { key: string }).key,
  )

/** Those for whom keys of the user's shares are on the server. */
export const sealedFor = async ({ endpoint, name }: Member): Promise<string[]> =>
  (await runSql(endpoint, `select member from zerodb.share_key where member <> '${name}' order by member`)).map(
    (row) => (row as { member: string }).member,
  )
