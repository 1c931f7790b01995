import { expect, test } from 'vitest'
import { accountOf, parseEndpoint } from '../../../plugins/zerodb/server/endpoint.ts'
import { type Home, here, makeHome } from '../../helpers/cli.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { sample, seed, talk } from '../../helpers/seed.ts'

const ID = 'sample000001'

/** The home with another endpoint. */
const at = (home: Home, endpoint: string) => here({ ...home, env: { ...home.env, AINATIVE_ZERODB_ENDPOINT: endpoint } })

/** Three homes of one account, and another spelling of its endpoint. */
async function openHomes(name: string) {
  const endpoint = await userOn(await openPostgres(), name)
  const [a, b, c] = [makeHome(), makeHome(), makeHome()].map((home) => at(home, endpoint)) as [Home, Home, Home]
  return { a, b, c, endpoint, localhost: endpoint.replace('127.0.0.1', 'localhost') }
}

const openAccount = async (name: string) => userOn(await openPostgres(), name)

const keepHere = (home: Home) => home.ok('session', 'meta', ID, 'sync', 'local-only')
const purge = async (home: Home) => {
  await home.ok('session', 'delete', ID, '--force')
  await home.ok('session', 'purge', ID, '--force')
}

/** Syncs each home, which must be in sync at the end. */
async function syncAll(...homes: Home[]): Promise<void> {
  for (const home of homes) await home.ok('session', 'sync')
  for (const home of homes) expect(await home.ok('session', 'sync')).toBe('No changes; in sync\n')
}

/** The contents of the messages of the session; undefined if the home does not have the session. */
async function contentsOf(home: Home): Promise<string[] | undefined> {
  if (!(await home.json('session', 'list', '--all', '--json')).some(({ id }: { id: string }) => id === ID)) return undefined
  return (await home.json('session', 'show', ID, '--json')).messages.map(({ content }: { content: string }) => content)
}

const withMessages = (...texts: string[]) => sample(1, { messages: talk(...texts) })

test('another spelling of the endpoint repeats no withdrawal', async () => {
  const { a, b, c, localhost } = await openHomes('spelling')
  await seed(a, withMessages('1', '2'))
  await syncAll(a, b)
  await keepHere(a)
  await syncAll(a, b)
  await seed(b, withMessages('1', '2', '3'))
  await syncAll(b, c, a)
  const other = at(a, localhost)
  await syncAll(other, b, c)
  for (const home of [b, c]) expect(await contentsOf(home)).toEqual(['1', '2', '3'])
  expect(await contentsOf(a)).toEqual(['1', '2'])
  await a.ok('session', 'meta', ID, '--unset', 'sync')
  await syncAll(other, b, c)
  const shown = await a.ok('session', 'show', ID, '--json')
  for (const home of [b, c]) expect(await home.ok('session', 'show', ID, '--json')).toBe(shown)
  expect(await contentsOf(a)).toHaveLength(3)
})

test('a local-only session removes no session of another account, and nothing of it is sent there', async () => {
  const { a, endpoint } = await openHomes('kept')
  const second = await openAccount('kept-second')
  await seed(a, withMessages('of A'))
  await syncAll(a)
  await keepHere(a)
  await syncAll(a)
  const [b, moved, back] = [at(makeHome(), second), at(a, second), at(a, endpoint)]
  await seed(b, withMessages('of B'))
  await syncAll(b, moved, b)
  expect([await contentsOf(b), await contentsOf(a)]).toEqual([['of B'], ['of A']])
  await syncAll(back)
  await syncAll(moved, b)
  expect([await contentsOf(b), await contentsOf(a)]).toEqual([['of B'], ['of A']])
})

test('a session that was synced again after a withdrawal is still synced after a change of the endpoint', async () => {
  const { a, b, localhost } = await openHomes('again')
  await seed(a, withMessages('1'))
  await syncAll(a, b)
  await keepHere(a)
  await syncAll(a, b)
  await a.ok('session', 'meta', ID, '--unset', 'sync')
  await syncAll(a, b)
  await syncAll(at(a, localhost), b)
  await b.ok('session', 'rename', ID, 'Renamed')
  await syncAll(b, at(a, localhost))
  expect(await a.json('session', 'show', ID, '--json')).toMatchObject({ title: 'Renamed', metadata: { tags: [] } })
  expect(await b.ok('session', 'show', ID, '--json')).toBe(await a.ok('session', 'show', ID, '--json'))
})

test('a purge does not reach a session of another account', async () => {
  const { a, b } = await openHomes('purge')
  const second = await openAccount('purge-second')
  await seed(a, withMessages('of A'))
  await syncAll(a, b)
  await purge(a)
  await syncAll(a, b)
  const [other, moved] = [at(makeHome(), second), at(a, second)]
  await seed(other, withMessages('of B'))
  await syncAll(other)
  expect(await moved.ok('session', 'sync', '--dry-run')).toBe(`pull ${ID}  1 message  Session 1\n`)
  await syncAll(moved, other)
  for (const home of [other, a]) expect(await contentsOf(home)).toEqual(['of B'])
})

test('a purged session does not come back after a change of the endpoint', async () => {
  const { a, b, c, localhost } = await openHomes('purged')
  await seed(a, withMessages('1'))
  await syncAll(a, b)
  await purge(a)
  await a.ok('session', 'sync')
  await syncAll(at(a, localhost), b, c)
  for (const home of [a, b, c]) expect(await contentsOf(home)).toBeUndefined()
})

test('a purge that was not sent before a change of the endpoint is sent after it', async () => {
  const { a, b, localhost } = await openHomes('unsent')
  await seed(a, withMessages('1'))
  await syncAll(a, b)
  await purge(a)
  await syncAll(at(a, localhost), b)
  for (const home of [a, b]) expect(await contentsOf(home)).toBeUndefined()
})

test('a session that was imported after its purge stays on this device, and is sent to another account', async () => {
  const { a, b, localhost, endpoint } = await openHomes('imported')
  await seed(a, withMessages('1'))
  await syncAll(a, b)
  await purge(a)
  await syncAll(a, b)
  await seed(a, withMessages('1', '2'))
  await syncAll(a, b)
  await syncAll(at(a, localhost), b)
  expect([await contentsOf(a), await contentsOf(b)]).toEqual([['1', '2'], undefined])
  expect((await at(a, localhost).json('zerodb', 'status', '--json')).purged).toEqual([ID])
  const second = await openAccount('imported-second')
  const [moved, other] = [at(a, second), at(makeHome(), second)]
  await syncAll(moved, other)
  expect(await contentsOf(other)).toEqual(['1', '2'])
  await syncAll(at(a, endpoint), b)
  expect([await contentsOf(a), await contentsOf(b)]).toEqual([['1', '2'], undefined])
})

test('zerodb status after a change of the account shows no state of the other account', async () => {
  const { a, endpoint } = await openHomes('status')
  const second = await openAccount('status-second')
  const name = (url: string) => accountOf({ user: new URL(url).username, endpoint: parseEndpoint(url, 'test') })
  await seed(a, withMessages('1', '2'), sample(2, { messages: talk('3') }), sample(3))
  await a.ok('session', 'meta', 'sample000003', 'sync', 'local-only')
  await syncAll(a)
  const before = await a.json('zerodb', 'status', '--json')
  expect(before).toMatchObject({ account: name(endpoint), configured: name(endpoint), pending: { sessions: 0, messages: 0 } })
  const moved = at(a, second)
  const text = await moved.ok('zerodb', 'status')
  expect(text).toContain(`Last sync: with ${name(endpoint)}, not with ${name(second)}\nPending: 2 sessions, 3 messages (everything)\n`)
  expect(await moved.json('zerodb', 'status', '--json')).toMatchObject({
    account: name(endpoint),
    configured: name(second),
    synced_at: null,
    pending: { sessions: 2, messages: 3 },
    encryption: { account: null },
  })
  for (const url of ['', 'mysql://localhost'])
    expect((await at(a, url).json('zerodb', 'status', '--json')).synced_at).toBe(before.synced_at)
  await syncAll(moved)
  expect(await moved.ok('zerodb', 'status')).toMatch(/^Last sync: \d.*\nPending: 0 sessions, 0 messages\n/)
})
