import fs from 'node:fs'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { openCounter } from '../../../scripts/bench/query-counter.ts'
import { here, makeHome } from '../../helpers/cli.ts'
import { USER_CONFIG } from '../../helpers/plugins.ts'
import { openPostgres, userOn, withServer } from '../../helpers/postgres.ts'
import { expectProblem } from '../../helpers/problem.ts'
import { sample, seed, talk } from '../../helpers/seed.ts'
import { until } from '../../helpers/until.ts'
import { openDevice } from './device.ts'

test('two devices see each other’s sessions', async () => {
  const endpoint = await userOn(await openPostgres(), 'cli')
  const [a, b] = [makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }), makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })]
  await seed(a, sample(1, { title: 'From A', messages: talk('Hello', 'Hi') }))
  expect(await a.ok('session', 'sync', '--push')).toBe('Pushed 1 session and 2 messages\n')
  expect(await b.ok('session', 'sync', '--pull')).toBe('Pulled 1 session and 2 messages; in sync\n')
  const exported = await here(a).ok('session', 'export', 'sample000001', '-o', '-')
  expect(await here(b).ok('session', 'export', 'sample000001', '-o', '-')).toBe(exported)
  await here(b).ok('session', 'tag', 'sample000001', 'go')
  expect(await b.ok('session', 'sync')).toBe('Pushed 1 session and 0 messages; in sync\n')
  expect(await a.ok('session', 'sync', '--bidirectional')).toBe('Pulled 1 session and 0 messages; in sync\n')
  expect(await a.ok('session', 'sync')).toBe('No changes; in sync\n')
  expect((await here(a).json('session', 'list', '--json'))[0].tags).toEqual(['go'])
  expect(await a.ok('session', 'sync', '--force', '--pull')).toMatch(/in sync\n$/)
})

test('two devices that import the same file have one session, and no message twice', async () => {
  const endpoint = await userOn(await openPostgres(), 'twice')
  const [a, b] = [makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }), makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })]
  const session = sample(1, { messages: talk('Hello', 'Hi', 'Hello', 'Hi') })
  for (const home of [a, b]) await seed(home, session)
  for (const home of [a, b, a]) await home.ok('session', 'sync')
  const [shown, other] = await Promise.all([a, b].map((home) => here(home).ok('session', 'show', 'sample000001', '--json')))
  expect(JSON.parse(shown as string).messages).toHaveLength(4)
  expect(other).toBe(shown)
})

test('a session that is imported on another device after it was continued here has one order', async () => {
  const endpoint = await userOn(await openPostgres(), 'order')
  const [a, b] = [makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }), makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })]
  for (const home of [a, b]) await seed(home, sample(2))
  for (const home of [a, b]) await home.ok('session', 'sync')
  await seed(a, sample(1, { messages: talk('1', '2') }))
  a.write('longer.json', JSON.stringify(sample(1, { messages: talk('1', '2', '3') })))
  await a.ok('session', 'import', a.path('longer.json'), '--merge')
  await seed(b, sample(1, { messages: talk('1', '2') }))
  for (const home of [b, a, b]) await home.ok('session', 'sync')
  const [shown, other] = await Promise.all([a, b].map((home) => here(home).ok('session', 'show', 'sample000001', '--json')))
  expect(JSON.parse(shown as string).messages.map(({ content }: { content: string }) => content)).toEqual(['1', '2', '3'])
  expect(other).toBe(shown)
})

test('a dry run lists what would change, and --session syncs one session alone', async () => {
  const endpoint = await userOn(await openPostgres(), 'dry')
  const [a, b] = [here(makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })), here(makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }))]
  await seed(a, sample(1, { title: 'One', messages: talk('Hello') }), sample(2, { title: 'Two' }))
  const planned = 'push sample000001  1 message  One\npush sample000002  0 messages  Two\n'
  expect(await a.ok('session', 'sync', '--dry-run')).toBe(planned)
  expect(await a.ok('session', 'sync', '--dry-run')).toBe(planned)
  expect(await a.ok('session', 'sync', '--session', 'sample000002')).toBe('Pushed 1 session and 0 messages\n')
  expect(await a.ok('session', 'sync', '--dry-run', '--push')).toBe('push sample000001  1 message  One\n')
  await a.ok('session', 'sync')
  expect(await b.ok('session', 'sync', '--dry-run')).toBe('pull sample000001  1 message  One\npull sample000002  0 messages  Two\n')
  expect(await b.ok('session', 'sync', '--session', 'sample000001')).toBe('Pulled 1 session and 1 message\n')
  expect((await b.json('session', 'list', '--json')).map(({ id }: { id: string }) => id)).toEqual(['sample000001'])
  for (const flags of [[], ['--dry-run'], ['--push']])
    expectProblem(await b.run('session', 'sync', '--session', 'sample000003', ...flags), 1, 'no session "sample000003"')
  expect(await b.ok('session', 'sync')).toMatch(/; in sync\n$/)
  expect(await b.json('zerodb', 'status', '--json')).toMatchObject({ pending: { sessions: 0, messages: 0 }, aside: [], error: null })
})

test('a dry run lists no session that is the same on both sides', async () => {
  const endpoint = await userOn(await openPostgres(), 'same')
  const [a, b] = [here(makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })), here(makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }))]
  await seed(b, sample(1, { title: 'One', messages: talk('Hello') }))
  await b.ok('session', 'sync')
  await seed(a, sample(2, { title: 'Two', messages: talk('Hello') }))
  await a.ok('session', 'sync', '--push')
  // The changes of the other device come before the own ones, which a sync reads too.
  expect(await a.ok('session', 'sync', '--dry-run')).toBe('pull sample000001  1 message  One\n')
  expect(await a.ok('session', 'sync', '--dry-run', '--session', 'sample000002')).toBe('No changes\n')
  expect(await a.ok('session', 'sync', '--dry-run', '--session', 'sample000001')).toBe('pull sample000001  1 message  One\n')
})

test('a dry run shows a session whose title has an unknown form', async () => {
  const endpoint = await userOn(await openPostgres(), 'titles')
  const [a, b] = [here(makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })), here(makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }))]
  await seed(a, sample(1))
  await a.ok('session', 'sync')
  for (const title of ['{"rich": true}', 'not JSON']) {
    const register = JSON.stringify({ v: title, h: 'f' })
    await withServer(endpoint, ({ db }) =>
      sql`update zerodb.session set registers = jsonb_set(registers, '{title}', ${register}::jsonb)`.execute(db),
    )
    expect(await b.ok('session', 'sync', '--dry-run')).toBe('pull sample000001  0 messages\n')
  }
})

test('a session that is pushed twice at once, or again by force, stays one', async () => {
  const endpoint = await userOn(await openPostgres(), 'again')
  const home = makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })
  await seed(home, sample(1, { messages: talk('a', 'b') }))
  await Promise.all([home.ok('session', 'sync'), home.ok('session', 'sync'), home.ok('session', 'sync')])
  expect(await home.ok('session', 'sync', '--force')).toMatch(/in sync\n$/)
  expect((await here(home).json('session', 'show', 'sample000001', '--json')).messages).toHaveLength(2)
})

test('automatic sync runs after a command that wrote, and keeps its error', async () => {
  const endpoint = await userOn(await openPostgres(), 'auto')
  const [a, b] = [makeHome(), makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })]
  const config = (url: string) => `services:\n  zerodb:\n    enabled: true\n    endpoint: ${url}\n`
  a.write(USER_CONFIG, config(endpoint))
  await a.ok('session', 'create', '--title', 'Of itself')
  await until('the session on the other device', async () => {
    await here(b).ok('session', 'sync')
    return (await here(b).json('session', 'list', '--json')).length === 1
  })
  a.write(USER_CONFIG, config('postgresql://auto:wrong@127.0.0.1:1/postgres'))
  await a.ok('session', 'create', '--title', 'Later')
  const { error } = await until('the error', async () => {
    const status = await here(a).json('zerodb', 'status', '--json')
    return status.error ? status : undefined
  })
  expect(error.message).toContain('127.0.0.1:1')
})

test('a restored backup is another device, and its stamps are not those of changes since the backup', async () => {
  const endpoint = await userOn(await openPostgres(), 'restored')
  const [a, b] = [here(makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })), here(makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }))]
  await seed(a, sample(1))
  await a.ok('session', 'sync')
  // Stamps of a device that is ahead leave the clocks of the others no time of their own.
  const ahead = await openDevice('ahead', endpoint, 3_600_000)
  onTestFinished(() => ahead.close())
  await ahead.sync()
  await ahead.save({ id: 'sample000001', set: { title: 'Ahead' } })
  await ahead.sync()
  const rename = async (title: string) => {
    await a.ok('session', 'rename', 'sample000001', title)
    await a.ok('session', 'sync')
  }
  await rename('One')
  await a.ok('session', 'backup', a.path('b.db'))
  await rename('Two')
  for (const device of [b, a]) await device.ok('session', 'sync')
  await a.ok('session', 'restore-backup', a.path('b.db'), '--yes')
  await rename('Three')
  for (const device of [b, a]) expect(await device.ok('session', 'sync')).toMatch(/in sync\n$/)
  const [shown, other] = await Promise.all([a, b].map((device) => device.ok('session', 'show', 'sample000001', '--json')))
  expect(other).toBe(shown)
})

test('a session of long messages comes in several pages', async () => {
  const endpoint = await userOn(await openPostgres(), 'long')
  const counter = await openCounter(endpoint)
  onTestFinished(counter.close)
  const [a, b] = [makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint }), makeHome({ AINATIVE_ZERODB_ENDPOINT: counter.endpoint })]
  const long = Array.from({ length: 6 }, (_, i) => `${i}${'x'.repeat(2_000_000)}`)
  await seed(
    a,
    sample(1, { messages: talk('1', '2', '3', '4', '5', '6') }),
    sample(2, { messages: talk(...long) }),
    sample(3, { messages: talk('1', '2', '3', '4', '5', '6') }),
  )
  await a.ok('session', 'sync')
  const counts: number[] = []
  for (const id of ['sample000003', 'sample000001', 'sample000002']) {
    const before = counter.count()
    expect(await b.ok('session', 'sync', '--pull', '--session', id)).toBe('Pulled 1 session and 6 messages\n')
    counts.push(counter.count() - before)
  }
  // The first sync of a device has a query more.
  const [, short = 0, paged] = counts
  expect(paged).toBe(short + 1)
  expect(await here(b).ok('session', 'export', 'sample000002', '-o', '-')).toBe(
    await here(a).ok('session', 'export', 'sample000002', '-o', '-'),
  )
})

test('a database that was replaced by an older copy of itself becomes another device', async () => {
  const endpoint = await userOn(await openPostgres(), 'putback')
  const a = makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })
  const [file, copy] = [a.path('.config/ainative-code/sessions.db'), a.path('copy.db')]
  const ahead = await openDevice('ahead', endpoint, 3_600_000)
  onTestFinished(ahead.close)
  await seed(a, sample(1))
  await a.ok('session', 'sync')
  await ahead.sync()
  // The clock of this device follows, so that its next stamps do not depend on the time.
  await ahead.save({ id: 'sample000001', addTags: ['go'] })
  await ahead.sync()
  await a.ok('session', 'sync')
  fs.copyFileSync(file, copy)
  const rename = (title: string) => a.ok('session', 'rename', 'sample000001', title)
  await rename('Lost with the file')
  await a.ok('session', 'tag', 'sample000001', 'later')
  await a.ok('session', 'sync')
  for (const suffix of ['-wal', '-shm']) fs.rmSync(`${file}${suffix}`, { force: true })
  fs.copyFileSync(copy, file)
  await rename('Of the copy')
  expect(await a.ok('session', 'sync')).toMatch(/in sync\n$/)
  await ahead.sync()
  const [{ title, tags } = { title: '', tags: [] }] = await ahead.state()
  expect(await a.json('session', 'show', 'sample000001', '--json')).toMatchObject({ title, metadata: { tags } })
  const conflicts = await a.json('session', 'conflicts', '--json')
  expect([title, ...conflicts.map(({ lost }: { lost: string }) => lost)].sort()).toEqual(['Lost with the file', 'Of the copy'])
})
