import { expect, onTestFinished, test } from 'vitest'
import { joinTeam, leaveTeam } from '../../plugins/zerodb/server/teams.ts'
import { here, makeHome } from '../helpers/cli.ts'
import { openPostgres, withServer } from '../helpers/postgres.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { openProxy } from '../zerodb/sync/proxy.ts'
import { add, ID, keysOfMessages, raw, sealedFor } from './encrypted.ts'
import { encrypt, type Member, shareOf, teamOf } from './team.ts'

test('a sync that is cut while it seals keys is completed by the next one', async () => {
  const [direct, bob, carol] = (await teamOf('enc-cut', 'alice', 'bob', 'carol')) as [Member, Member, Member]
  const proxy = await openProxy(direct.endpoint)
  onTestFinished(() => proxy.close())
  const alice: Member = { ...direct, home: here(makeHome({ AINATIVE_ZERODB_ENDPOINT: proxy.endpoint })) }
  for (const member of [alice, bob, carol]) await encrypt(member)
  await seed(alice.home, sample(1, { title: 'Geheimplan', messages: talk('geheime Frage') }))
  const id = await shareOf(alice, ID, 'enc-cut')
  const { admin } = await openPostgres()
  let cuts = 0
  for (let round = 1; round <= 8; round++) {
    const isMember = round % 2 === 0
    await withServer(admin, (server) => (isMember ? joinTeam : leaveTeam)(server, 'enc-cut', carol.name))
    await add(alice, `geheim ${round}`)
    proxy.cut = { from: round % 4 < 2 ? 'client' : 'server', after: 1500 + round * 700 }
    if ((await alice.home.run('session', 'sync')).code !== 0) cuts++
    proxy.cut = undefined
    await alice.home.ok('session', 'sync')
    expect(await sealedFor(alice)).toEqual(isMember ? [bob.name, carol.name] : [bob.name])
    for (const { home } of isMember ? [bob, carol] : [bob]) expect(await home.ok('session', 'show', id, '--raw')).toBe(await raw(alice, ID))
  }
  expect(cuts).toBeGreaterThan(3)
  // A new key after each of the four leaves.
  expect(new Set(await keysOfMessages(alice)).size).toBeGreaterThanOrEqual(5)
})

test('a share with one team ends, and that with another one continues', async () => {
  const [alice, bob, carol] = (await teamOf('enc-teams-one', 'alice', 'bob', 'carol')) as [Member, Member, Member]
  const [dave] = (await teamOf('enc-teams-other', 'dave')) as [Member]
  await withServer((await openPostgres()).admin, (server) => joinTeam(server, 'enc-teams-other', alice.name))
  for (const member of [alice, bob, carol, dave]) await encrypt(member)
  await seed(alice.home, sample(1, { title: 'Geheimplan', messages: talk('geheime Frage') }))
  const [first, second] = [await shareOf(alice, ID, 'enc-teams-one'), await shareOf(alice, ID, 'enc-teams-other')]
  await alice.home.ok('session', 'unshare', ID, '--team', 'enc-teams-one')
  await add(alice, 'geheim danach')
  await alice.home.ok('session', 'sync')
  expect(new Set(await keysOfMessages(alice)).size).toBe(2)
  expect(await raw(dave, second)).toBe(await raw(alice, ID))
  expect((await bob.home.run('session', 'show', first)).code).toBe(1)
  expect(await sealedFor(alice)).toEqual([dave.name])
})
