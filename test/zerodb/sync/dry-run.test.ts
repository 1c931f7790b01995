import { expect, test, vi } from 'vitest'
import { TOUCH_ALL } from '../../../plugins/zerodb/sync/schema.ts'
import { type Home, here, makeHome } from '../../helpers/cli.ts'
import { withDatabase } from '../../helpers/database.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { expectProblem } from '../../helpers/problem.ts'
import { sample, samples, seed, talk } from '../../helpers/seed.ts'

const DAY = 24 * 3_600_000

/** The home with another endpoint. */
const at = (home: Home, endpoint: string) => here({ ...home, env: { ...home.env, AINATIVE_ZERODB_ENDPOINT: endpoint } })

const openAccount = async (name: string) => userOn(await openPostgres(), name)

/** The rows of all tables of sync, and of the sessions and messages, as JSON. */
const dumpOf = (home: Home) =>
  withDatabase(home, (db) => {
    const names = db.prepare("select name from sqlite_schema where type = 'table' and name like 'sync\\_%' escape '\\'").pluck().all()
    return JSON.stringify([...names, 'sessions', 'messages'].map((name) => [name, db.prepare(`select * from ${name}`).all()]))
  })

/** Expects that a dry run with these flags changes no row. */
async function expectUnchanged(home: Home, ...flags: string[]): Promise<string> {
  const before = dumpOf(home)
  const planned = await home.ok('session', 'sync', '--dry-run', ...flags)
  expect(dumpOf(home)).toBe(before)
  return planned
}

/** A device that has synced sessions, a local-only session and a purge, and many changes that are not recorded yet. */
async function openChanged(endpoint: string): Promise<Home> {
  const home = at(makeHome(), endpoint)
  await seed(home, ...[1, 2, 3, 4].map((number) => sample(number, { messages: talk('1', '2') })))
  await home.ok('session', 'sync')
  await home.ok('session', 'meta', 'sample000001', 'sync', 'local-only')
  await home.ok('session', 'delete', 'sample000002', '--force')
  await home.ok('session', 'purge', 'sample000002', '--force')
  await home.ok('session', 'sync')
  await home.ok('session', 'meta', 'sample000003', 'sync', 'local-only')
  await seed(home, ...samples(20, { messages: talk('1') }).slice(4))
  withDatabase(home, (db) => {
    db.exec(TOUCH_ALL)
    db.exec("update sessions set title = 'Changed' where id = 'sample000004'; update messages set seq = seq + 1 where content = '2'")
  })
  return home
}

test('a dry run changes no row of the database', async () => {
  const [first, second] = [await openAccount('rows'), await openAccount('rows-second')]
  const home = await openChanged(first)
  const planned = await expectUnchanged(home)
  expect(planned.match(/^push /gm)).toHaveLength(17)
  expect(planned).toContain('withdraw sample000003  0 messages\n')
  expect(await expectUnchanged(home, '--force')).toBe(planned)
  for (const flag of ['--pull', '--push']) await expectUnchanged(home, flag)
  expect((await expectUnchanged(at(home, second))).match(/^push /gm)).toHaveLength(17)
  const fresh = at(makeHome(), first)
  await seed(fresh, sample(9, { messages: talk('1') }))
  expect(await expectUnchanged(fresh)).toBe(
    'pull sample000003  2 messages  Session 3\npull sample000004  2 messages  Session 4\npush sample000009  1 message  Session 9\n',
  )
  expect(await home.ok('session', 'sync')).toBe('Pushed 18 sessions and 16 messages; in sync\n')
})

test('a dry run of another account leads to no withdrawal', async () => {
  const [first, second] = [await openAccount('plan'), await openAccount('plan-second')]
  const [a, b] = [at(makeHome(), first), at(makeHome(), first)]
  await seed(a, sample(1, { messages: talk('1') }))
  for (const home of [a, b]) await home.ok('session', 'sync')
  await a.ok('session', 'meta', 'sample000001', 'sync', 'local-only')
  for (const home of [a, b]) await home.ok('session', 'sync')
  await seed(b, sample(1, { messages: talk('1', '2') }))
  for (const home of [b, a]) await home.ok('session', 'sync')
  expect(await expectUnchanged(at(a, second))).toBe('No changes\n')
  expect(await expectUnchanged(at(b, second))).toBe('push sample000001  2 messages  Session 1\n')
  for (const home of [a, b]) expect(await home.ok('session', 'sync')).toBe('No changes; in sync\n')
})

test('a dry run lists no pull and no removal that would not happen', async () => {
  const endpoint = await openAccount('never')
  const [a, b, fresh] = [at(makeHome(), endpoint), at(makeHome(), endpoint), at(makeHome(), endpoint)]
  const renamed = at(a, endpoint.replace('127.0.0.1', 'localhost'))
  await seed(a, ...[1, 2, 3].map((number) => sample(number, { messages: talk('1') })))
  for (const home of [a, b]) await home.ok('session', 'sync')
  for (const id of ['sample000001', 'sample000002']) {
    await a.ok('session', 'delete', id, '--force')
    await a.ok('session', 'purge', id, '--force')
    await b.ok('session', 'rename', id, 'Of B')
  }
  await b.ok('session', 'sync')
  // The purge is not sent yet.
  expect(await a.ok('session', 'sync', '--dry-run', '--pull')).toBe('No changes\n')
  await a.ok('session', 'sync')
  await seed(a, sample(2, { messages: talk('1', '2') }))
  for (const home of [a, renamed]) expect(await home.ok('session', 'sync', '--dry-run')).toBe('No changes\n')
  expect(await fresh.ok('session', 'sync', '--dry-run')).toBe('pull sample000003  1 message  Session 3\n')
  expect(await b.ok('session', 'sync', '--dry-run')).toBe('remove sample000001  0 messages  Of B\nremove sample000002  0 messages  Of B\n')
  expect(await renamed.ok('session', 'sync')).toMatch(/; in sync\n$/)
  await a.ok('session', 'meta', 'sample000003', 'sync', 'local-only')
  for (const home of [a, b]) await home.ok('session', 'sync')
  await seed(b, sample(3, { messages: talk('1', '2') }))
  await b.ok('session', 'sync')
  expect(await a.ok('session', 'sync', '--dry-run')).toBe('No changes\n')
})

test('a dry run with a clock two days ahead is refused, as the sync is', async () => {
  const home = at(makeHome(), await openAccount('ahead'))
  await seed(home, sample(1))
  const { now } = Date
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 2 * DAY)
  try {
    for (const flags of [[], ['--dry-run']]) expectProblem(await home.run('session', 'sync', ...flags), 1, 'the clock of this device is')
  } finally {
    clock.mockRestore()
  }
})
