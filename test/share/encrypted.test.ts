import { expect, test } from 'vitest'
import { joinTeam, leaveTeam } from '../../plugins/zerodb/server/teams.ts'
import { here, makeHome } from '../helpers/cli.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'
import { openPostgres, userOn, withServer } from '../helpers/postgres.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { runSql } from '../helpers/sql.ts'
import { add, dump, ID, keysOfMessages, raw, refuses, sealedFor, shared } from './encrypted.ts'
import { encrypt, type Member, shareOf, teamOf } from './team.ts'

const asAdmin = async (change: typeof joinTeam, team: string, { name }: Member) =>
  withServer((await openPostgres()).admin, (server) => change(server, team, name))

test('a member lists, shows and clones a shared session of an encrypted account, and the server holds no word of it', async () => {
  const { alice, bob, id } = await shared('enc-readers')
  const [row] = await bob.home.json('session', 'list', '--shared', '--json')
  expect(row).toMatchObject({ id, title: 'Geheimplan', owner: alice.name, message_count: 2 })
  const json = await bob.home.json('session', 'show', id, '--json')
  expect(json).toMatchObject({ title: 'Geheimplan', metadata: { tags: ['geheimtag'], note: 'geheimwert' } })
  expect(json.messages).toEqual((await alice.home.json('session', 'show', ID, '--json')).messages)
  const clone = await bob.home.json('session', 'clone', id, '--json')
  expect(clone).toMatchObject({ shared: id, title: 'Geheimplan', added: 2 })
  await add(alice, 'geheime Nachfrage')
  await alice.home.ok('session', 'sync')
  expect(await raw(bob, id)).toContain('geheime Nachfrage\n')
  expect(await bob.home.json('session', 'clone', clone.id, '--update', '--json')).toMatchObject({ added: 1 })
  expect(await raw(bob, clone.id)).toBe(await raw(alice, ID))
  await bob.home.ok('session', 'sync')
  expect(await alice.home.json('session', 'list', '--shared', '--json')).toMatchObject([{ id, title: 'Geheimplan' }])
  expect(await raw(alice, id)).toBe(await raw(alice, ID))
  const dumped = await dump()
  expect(dumped).toContain(id)
  expect(dumped).not.toMatch(/geheim/i)
})

test('a member without a key is named to the owner, and reads after the steps that both are told', async () => {
  const [alice, bob] = (await teamOf('enc-keyless', 'alice', 'bob')) as [Member, Member]
  await encrypt(alice)
  await seed(alice.home, sample(1, { title: 'Geheimplan', messages: talk('geheime Frage') }))
  const { stdout, stderr } = await alice.home.run('session', 'share', ID, '--team', 'enc-keyless', '--force')
  expect(stderr).toContain(
    `these members cannot read the session yet: ${bob.name}\n  they run: ainative-code zerodb key new, then ainative-code config set`,
  )
  const id = stdout.trim()
  await refuses(bob, /you have no public key on the server[\s\S]*hint: ainative-code zerodb key new/, 'session', 'show', id)
  await bob.home.ok('zerodb', 'key', 'new')
  bob.home.write(USER_CONFIG, 'services: { zerodb: { encryption: true } }\n')
  await refuses(bob, /hint: ainative-code session sync publishes your public key/, 'session', 'clone', id)
  await bob.home.ok('session', 'sync')
  await refuses(bob, /cannot be read yet: enc-keyless-alice has not sealed the key for you/, 'session', 'show', id)
  const list = await bob.home.run('session', 'list', '--shared', '--json')
  expect(JSON.parse(list.stdout)).toMatchObject([{ id, title: '(encrypted)', owner: alice.name }])
  expect(list.stderr).toContain('has not sealed the key for you')
  const synced = await alice.home.run('session', 'sync')
  const fingerprint = (await bob.home.ok('zerodb', 'key', 'fingerprint')).trim()
  expect(synced.stderr).toContain(`the public key of ${bob.name} is new on this device`)
  expect(synced.stderr).toContain(fingerprint)
  expect((await alice.home.run('session', 'sync')).stderr).not.toContain('is new')
  expect(await raw(bob, id)).toBe('geheime Frage\n')
})

test('a member who joins later reads everything after the next sync of the owner', async () => {
  const { alice, bob, id } = await shared('enc-later')
  const endpoint = await userOn(await openPostgres(), 'enc-later-carol')
  const carol: Member = { name: 'enc-later-carol', endpoint, home: here(makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })) }
  await encrypt(carol)
  await refuses(carol, /no session .* is shared/, 'session', 'show', id)
  await asAdmin(joinTeam, 'enc-later', carol)
  await refuses(carol, /the next session sync of enc-later-alice seals it/, 'session', 'clone', id)
  await add(alice, 'geheime Nachfrage')
  await alice.home.ok('session', 'sync')
  expect(await raw(carol, id)).toBe(await raw(alice, ID))
  expect(await raw(bob, id)).toBe(await raw(alice, ID))
  // Nobody lost the keys, so the session has the same one.
  expect(new Set(await keysOfMessages(alice)).size).toBe(1)
})

test('after a member leaves, the keys of the member go, and what comes later has a new key', async () => {
  const { alice, bob, id } = await shared('enc-leave')
  const [carol] = (await teamOf('enc-leave-2', 'carol')) as [Member]
  await encrypt(carol)
  await asAdmin(joinTeam, 'enc-leave', carol)
  await alice.home.ok('session', 'sync')
  expect(await sealedFor(alice)).toEqual([carol.name, bob.name].sort())
  await asAdmin(leaveTeam, 'enc-leave', bob)
  await refuses(bob, /no session .* is shared/, 'session', 'show', id)
  expect(await runSql(bob.endpoint, `select zerodb.share_key('${id}') as key, (select count(*) from zerodb.share_key) as rows`)).toEqual([
    { key: null, rows: 0 },
  ])
  await add(alice, 'geheime Nachfrage')
  await alice.home.ok('session', 'sync')
  expect(await sealedFor(alice)).toEqual([carol.name])
  expect(await alice.home.json('session', 'shares', ID, '--json')).toMatchObject([{ id, active: true, readers: [carol.name] }])
  expect(await alice.home.ok('session', 'shares', ID)).toMatch(/ READERS\n.* none enc-leave-2-carol\n$/)
  const [first, , third] = await keysOfMessages(alice)
  expect(third).not.toBe(first)
  expect(await raw(carol, id)).toBe(await raw(alice, ID))
  await asAdmin(joinTeam, 'enc-leave', bob)
  await refuses(bob, /has not sealed the key for you/, 'session', 'show', id)
  await alice.home.ok('session', 'sync')
  expect(await raw(bob, id)).toBe(await raw(alice, ID))
  // A removed user leaves no row behind; the owner's own note still names the user.
  await runSql((await openPostgres()).admin, `delete from zerodb.share_key where member = '${carol.name}'`)
  await asAdmin(leaveTeam, 'enc-leave', carol)
  await add(alice, 'geheimes Ende')
  await alice.home.ok('session', 'sync')
  expect(new Set(await keysOfMessages(alice)).size).toBe(3)
})

test('unsharing removes the keys at once, and what comes later has a new key', async () => {
  const { alice, bob, id } = await shared('enc-unshare')
  await alice.home.ok('session', 'unshare', ID)
  expect(await sealedFor(alice)).toEqual([])
  await refuses(bob, /no session .* is shared/, 'session', 'show', id)
  await add(alice, 'geheime Nachfrage')
  await alice.home.ok('session', 'sync')
  const [first, , third] = await keysOfMessages(alice)
  expect(third).not.toBe(first)
  const again = await shareOf(alice, ID, 'enc-unshare', '--expires', '1d')
  expect(again).not.toBe(id)
  expect(await raw(bob, again)).toBe(await raw(alice, ID))
  await runSql(alice.endpoint, `update zerodb.share set expires_at = now() - interval '1 second'`)
  await alice.home.ok('session', 'sync')
  expect(await sealedFor(alice)).toEqual([])
  await add(alice, 'geheimes Ende')
  await alice.home.ok('session', 'sync')
  expect(new Set(await keysOfMessages(alice)).size).toBe(3)
})

test('after a rotation of the words of either side, the other one accepts the new key first', async () => {
  const { alice, bob, id } = await shared('enc-rotate')
  expect(await raw(bob, id)).toBe(await raw(alice, ID))
  await alice.home.ok('zerodb', 'key', 'rotate')
  await add(alice, 'geheime Nachfrage')
  await alice.home.ok('session', 'sync')
  const fingerprint = (await alice.home.ok('zerodb', 'key', 'fingerprint')).trim()
  for (const command of ['show', 'clone'])
    await refuses(
      bob,
      new RegExp(`the public key of ${alice.name} has changed: .* ${fingerprint}\nhint: .* --accept`),
      'session',
      command,
      id,
    )
  expect(await bob.home.json('session', 'list', '--shared', '--json')).toMatchObject([{ title: '(encrypted)' }])
  await bob.home.ok('zerodb', 'key', 'fingerprint', alice.name, '--accept')
  expect(await raw(bob, id)).toBe(await raw(alice, ID))

  await bob.home.ok('zerodb', 'key', 'rotate')
  expect((await alice.home.run('session', 'sync')).stderr).toContain(`the public key of ${bob.name} has changed`)
  expect(await alice.home.run('session', 'share', ID, '--team', 'enc-rotate')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/the public key of enc-rotate-bob has changed[\s\S]*--accept/),
  })
  await refuses(bob, /has not sealed the key for you\nhint: .* accepted first/, 'session', 'show', id)
  await alice.home.ok('zerodb', 'key', 'fingerprint', bob.name, '--accept')
  await add(alice, 'geheimes Ende')
  await alice.home.ok('session', 'sync')
  expect(await raw(bob, id)).toBe(await raw(alice, ID))
})

test('all devices of the owner seal the keys, and a redacted copy is shared like a session', async () => {
  const { alice, bob, id } = await shared('enc-devices')
  const second: Member = { ...alice, home: makeHome({ AINATIVE_ZERODB_ENDPOINT: alice.endpoint }) }
  const { words } = await alice.home.json('zerodb', 'key', 'show', '--yes', '--json')
  second.home.write(USER_CONFIG, 'services: { zerodb: { encryption: true } }\n')
  await second.home.runWith({ input: words.join(' ') }, 'zerodb', 'key', 'enter', '--stdin')
  second.home = here(second.home)
  // This device makes a key of its own for the session, before it knows that of the first one.
  await add(second, 'geheime Nachricht von B')
  await second.home.ok('session', 'sync', '--push')
  for (const { home } of [alice, second, alice]) await home.ok('session', 'sync')
  expect(new Set(await keysOfMessages(alice)).size).toBe(2)
  expect(await raw(bob, id)).toBe(await raw(alice, ID))
  await add(second, 'geheim und neu')
  await second.home.ok('session', 'sync')
  expect(await raw(bob, id)).toContain('geheim und neu\n')
  const rows = await dump()
  for (const { home } of [alice, second]) await home.ok('session', 'sync')
  expect(await dump()).toBe(rows)

  await add(alice, `geheim ghp_${'a1B2c3'.repeat(6)}`)
  await alice.home.ok('session', 'unshare', ID)
  const copy = await shareOf(alice, ID, 'enc-devices', '--redact')
  expect(await raw(bob, copy)).toContain('geheim [redacted]\n')
  expect(await second.home.json('session', 'shares', ID, '--json')).toMatchObject([{ id: copy }])
  expect(await dump()).not.toMatch(/geheim|redacted\]/i)
})

test('a share from before the encryption continues once its owner shares the session again', async () => {
  const [alice, bob] = (await teamOf('enc-on', 'alice', 'bob')) as [Member, Member]
  await seed(alice.home, sample(1, { title: 'Geheimplan', messages: talk('geheime Frage') }))
  const id = await shareOf(alice, ID, 'enc-on')
  await encrypt(bob)
  expect(await raw(bob, id)).toBe('geheime Frage\n')
  await encrypt(alice)
  expect((await alice.home.run('session', 'sync')).stderr).toContain(`no key is sealed for the share of ${ID} with enc-on`)
  await refuses(bob, /has not sealed the key for you/, 'session', 'show', id)
  expect(await shareOf(alice, ID, 'enc-on')).toBe(id)
  expect(await raw(bob, id)).toBe('geheime Frage\n')
  expect(await dump()).not.toMatch(/geheim/i)
})
