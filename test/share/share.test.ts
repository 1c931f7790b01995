import { expect, test } from 'vitest'
import { readList } from '../../plugins/share/server-rows.ts'
import { joinTeam, leaveTeam } from '../../plugins/zerodb/server/teams.ts'
import { here, makeHome } from '../helpers/cli.ts'
import { connectAs, openPostgres, withServer } from '../helpers/postgres.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { runSql } from '../helpers/sql.ts'
import { onTerminal } from '../helpers/terminal.ts'
import { type Member, shareOf, teamOf } from './team.ts'

const ID = 'sample000001'

/** A team of two, and a session that the first one shares. */
async function shared(team: string): Promise<{ alice: Member; bob: Member; id: string }> {
  const [alice, bob] = (await teamOf(team, 'alice', 'bob')) as [Member, Member]
  await seed(alice.home, sample(1, { title: 'Plan', metadata: { tags: ['go'], pinned: true }, messages: talk('Why?', 'Because.', 'And?') }))
  return { alice, bob, id: await shareOf(alice, ID, team) }
}

test('a member of the team lists and shows a shared session in each format', async () => {
  const { alice, bob, id } = await shared('readers')
  const [row] = await bob.home.json('session', 'list', '--shared', '--json')
  const isTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(row).toMatchObject({
    id,
    title: 'Plan',
    owner: alice.name,
    team: 'readers',
    message_count: 3,
    shared_at: isTime,
    expires_at: null,
  })
  expect(await bob.home.ok('session', 'list', '--shared', '--team', 'readers')).toMatch(
    new RegExp(`^ID +OWNER +TEAM +TITLE +SHARED +MESSAGES\n${id} readers-alice readers +Plan +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d 3\n$`),
  )
  expect(await bob.home.ok('session', 'list', '--shared', '--format', 'csv')).toMatch(
    /^id,title,owner,team,status,provider,model,message_count,shared_at,updated_at,expires_at\nshared-\w{32},Plan,readers-alice,readers,/,
  )
  expect(await bob.home.json('session', 'list', '--shared', '--fields', 'owner,title', '--json')).toEqual([
    { owner: alice.name, title: 'Plan' },
  ])
  // A query runs in a process of the built program.
  const query = ['session', 'list', '--shared', '--query', 'owner']
  expect(await bob.home.runWith({}, ...query)).toMatchObject({ code: 0, stdout: `${alice.name}\n` })
  expect(await bob.home.json('session', 'list', '--shared', '--team', 'others', '--json')).toEqual([])
  expect(await bob.home.json('session', 'list', '--shared', '--search', 'PLA', '--json')).toHaveLength(1)
  expect(await bob.home.json('session', 'list', '--json')).toEqual([])

  expect(await bob.home.ok('session', 'show', id)).toMatch(/^Session: Plan\nID: shared-[\s\S]*\[User - 10:00:00\]\nWhy\?\n/)
  expect(await bob.home.ok('session', 'show', id.slice(0, 14), '--raw', '--tail', '1')).toBe('And?\n')
  expect(await bob.home.ok('session', 'show', id, '--around', '2', '--context', '0', '--raw')).toBe('Because.\n')
  expect(await bob.home.ok('session', 'show', id, '--skip', '1', '--limit', '1', '--format', 'markdown')).toContain('Because.')
  const json = await bob.home.json('session', 'show', id, '--json')
  expect(json).toMatchObject({ id, title: 'Plan', metadata: { tags: ['go'] }, origin: { shared: id, owner: alice.name, team: 'readers' } })
  expect(json.messages).toEqual((await alice.home.json('session', 'show', ID, '--json')).messages)
})

test('a clone is a session of its own, and --update adds later messages once', async () => {
  const { alice, bob, id } = await shared('cloners')
  const clone = await bob.home.json('session', 'clone', id, '--json')
  expect(clone).toEqual({ id: expect.stringMatching(/^\w{12}$/), shared: id, owner: alice.name, title: 'Plan', added: 3, updated: false })
  const copy = await bob.home.json('session', 'show', clone.id, '--json')
  expect(copy).toMatchObject({ title: 'Plan', metadata: { tags: ['go'] }, origin: { shared: id, owner: alice.name } })
  expect(copy.metadata).not.toHaveProperty('pinned')
  await alice.home.ok(
    'session',
    'import',
    '--merge',
    '-i',
    alice.home.write('later.json', JSON.stringify(sample(1, { messages: talk('Why?', 'Because.', 'And?', 'Later.') }))),
  )
  expect(await bob.home.ok('session', 'clone', clone.id, '--update')).toBe(`Added 0 messages to ${clone.id}: Plan\n`)
  await alice.home.ok('session', 'sync')
  const updates = await Promise.all([1, 2].map(() => bob.home.run('session', 'clone', clone.id, '--update')))
  expect(updates.filter(({ code }) => code === 0).length).toBeGreaterThan(0)
  expect(await bob.home.ok('session', 'clone', id, '--update')).toBe(`Added 0 messages to ${clone.id}: Plan\n`)
  expect(await bob.home.ok('session', 'show', clone.id, '--raw')).toBe(await alice.home.ok('session', 'show', ID, '--raw'))
  await bob.home.ok('session', 'rename', clone.id, 'Mine')
  expect(await bob.home.ok('session', 'clone', id, '--update')).toBe(`Added 0 messages to ${clone.id}: Mine\n`)
  expect(await bob.home.run('session', 'clone', 'shared-beef')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^error: no session shared-beef is shared/),
  })
  expect(await bob.home.run('session', 'clone', clone.id)).toMatchObject({ code: 2, stderr: expect.stringMatching(/is not a shared id/) })
  expect(await alice.home.run('session', 'clone', ID, '--update')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/is not a clone/),
  })
})

test('--update brings messages that an older program could not read', async () => {
  const { alice, bob, id } = await shared('newer')
  const change = (from: string, to: string) =>
    runSql(alice.endpoint, `update zerodb.message set body = replace(body, '"role":"${from}"', '"role":"${to}"')`)
  await change('assistant', 'critic')
  const { code, stdout, stderr } = await bob.home.run('session', 'clone', id, '--json')
  expect(stderr).toMatch(/^warning: 1 message of shared-\w+ is invalid, or of a newer version of ainative-code\n$/)
  expect(code).toBe(0)
  await change('critic', 'assistant')
  for (const added of [1, 0]) expect(await bob.home.json('session', 'clone', id, '--update', '--json')).toMatchObject({ added })
  const { messages } = await bob.home.json('session', 'show', JSON.parse(stdout).id, '--json')
  expect(messages.map(({ content }: { content: string }) => content).sort()).toEqual(['And?', 'Because.', 'Why?'])
})

test('a clone in the trash gets no updates, and no other clone is in its way', async () => {
  const { bob, id } = await shared('cloners-trash')
  const clone = async () => bob.home.run('session', 'clone', id, '--json')
  const first = JSON.parse((await clone()).stdout).id
  await bob.home.ok('session', 'delete', first)
  const again = await clone()
  expect(again.stderr).not.toContain(first)
  const second = JSON.parse(again.stdout).id
  expect(await bob.home.ok('session', 'clone', id, '--update')).toBe(`Added 0 messages to ${second}: Plan\n`)
  expect((await clone()).stderr).toContain(`was cloned before, as ${second}`)
  const { code, stderr } = await bob.home.run('session', 'clone', id, '--update')
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/has several clones: \w{12}, \w{12}\n/) })
  expect(stderr).not.toContain(first)
})

test('the first share is confirmed, and needs a terminal or --force', async () => {
  const { alice } = await shared('askers')
  const long = 'x'.repeat(300)
  await seed(alice.home, sample(2, { title: `Two\x1b[31m${long}`, messages: talk('Hello\nsecond line') }))
  const no = await alice.home.run('session', 'share', 'sample000002', '--team', 'askers', '--json')
  expect(JSON.parse(no.stdout)).toEqual({ id: null, session: 'sample000002', team: 'askers', expires_at: null })
  expect(no.stderr).toBe(
    `sample000002 for the team askers: Two␛[31m${long.slice(108)}…\n1 message\n  1 user: Hello\nno secrets found\ncanceled: nothing was shared\n`,
  )
  expect(await alice.home.ok('session', 'shares', 'sample000002', '--json')).toBe('[]\n')
  expect(await alice.home.runWith({}, 'session', 'share', 'sample000002', '--team', 'askers')).toMatchObject({
    ...{ code: 2, stdout: '' },
    stderr: expect.stringMatching(/error: confirmation required, .*\nhint: --force skips the question\n$/),
  })
  // A session that is shared already is not confirmed again, and keeps its id.
  const [first] = await alice.home.json('session', 'shares', ID, '--json')
  expect(await alice.home.json('session', 'share', ID, '--team', 'askers', '--expires', '30d', '--json')).toMatchObject({ id: first.id })
  const [again] = await alice.home.json('session', 'shares', ID, '--json')
  expect(Date.parse(again.expires_at) - Date.now()).toBeGreaterThan(29 * 86_400_000)
})

test('a share needs membership, a valid team and lifetime, and a session that is not local-only', async () => {
  const { alice } = await shared('refused')
  const refused = async (code: number, says: RegExp, ...argv: string[]) =>
    expect(await alice.home.run('session', 'share', ...argv)).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) })
  await refused(1, /is not a member of a team nobody/, ID, '--team', 'nobody')
  await refused(2, /invalid team name/, ID, '--team', `x'; drop`)
  await refused(2, /needs --team/, ID)
  for (const time of ['0d', '30', '-1d', '1e3d', '99999y', ''])
    await refused(2, /expected a time such as/, ID, '--team', 'refused', `--expires=${time}`)
  await alice.home.ok('session', 'meta', ID, 'sync', 'local-only')
  await refused(1, /stays on this device[\s\S]*--unset sync/, ID, '--team', 'refused', '--force')
  await refused(1, /stays on this device/, ID, '--team', 'refused', '--force', '--redact')
})

test('unsharing, expiry and leaving take effect at once on an open connection', async () => {
  const { alice, bob, id } = await shared('leavers')
  const pg = await openPostgres()
  const open = await connectAs(bob.endpoint)
  const reads = async () => (await readList(open)).length
  const sees = async (count: number) => {
    expect(await reads()).toBe(count)
    const shown = await bob.home.run('session', 'show', id, '--raw')
    expect({ code: shown.code, list: await bob.home.json('session', 'list', '--shared', '--json') }).toMatchObject({
      code: count ? 0 : 1,
      list: { length: count },
    })
  }
  await sees(1)
  for (const { name } of [bob, alice]) {
    await withServer(pg.admin, (server) => leaveTeam(server, 'leavers', name))
    await sees(0)
    await withServer(pg.admin, (server) => joinTeam(server, 'leavers', name))
    await sees(1)
  }
  await runSql(alice.endpoint, `update zerodb.share set expires_at = now() - interval '1 second'`)
  await sees(0)
  expect(await alice.home.json('session', 'shares', ID, '--json')).toMatchObject([{ active: false }])
  expect(await shareOf(alice, ID, 'leavers')).toBe(id)
  await sees(1)
  expect(await bob.home.run('session', 'unshare', id)).toMatchObject({ code: 1, stderr: expect.stringMatching(/you do not share/) })
  expect(await alice.home.json('session', 'unshare', id, '--json')).toEqual({ removed: [{ id, session: ID, team: 'leavers' }] })
  await sees(0)
  await open.close()
})

test('a deleted session is not shared, and a purge ends its shares', async () => {
  const { alice, bob, id } = await shared('purgers')
  await alice.home.ok('session', 'delete', ID)
  await alice.home.ok('session', 'sync')
  expect(await bob.home.run('session', 'show', id)).toMatchObject({ code: 1, stderr: expect.stringMatching(/no session .* is shared/) })
  expect(await bob.home.json('session', 'list', '--shared', '--json')).toEqual([])
  const file = alice.home.path('again.json')
  await alice.home.ok('session', 'restore', ID)
  await alice.home.ok('session', 'export', ID, '-o', file)
  await alice.home.ok('session', 'delete', ID)
  await alice.home.ok('session', 'purge', ID, '--force')
  // A purge is final, whether or not the server knows it already.
  for (const _ of ['pending', 'sent']) {
    await alice.home.ok('session', 'import', '--merge', '-i', file)
    expect(await alice.home.run('session', 'share', ID, '--team', 'purgers', '--force')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(`${ID} was purged before.*\nhint: ainative-code session fork ${ID}\n`),
    })
    await alice.home.ok('session', 'sync')
    expect(await alice.home.json('session', 'shares', ID, '--json')).toEqual([])
  }
})

const TOKEN = `ghp_${'a1B2c3'.repeat(6)}`
const AWS = 'wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzzzKEYabc'

async function owner(team: string): Promise<[Member, Member]> {
  const [alice, bob] = (await teamOf(team, 'alice', 'bob')) as [Member, Member]
  const messages = talk(
    `secretlint-disable ${TOKEN}`,
    `AWS_SECRET_ACCESS_KEY=${AWS}`,
    `so it is ${AWS}!`,
    'postgres://bob:hunter%402222@db.example.com/x',
    'hunter%402222, or hunter@2222',
  )
  const [first] = messages
  if (first) Object.assign(first, { parts: [{ type: 'tool-call', input: { [TOKEN]: TOKEN } }], usage: { input: 5, output: 7 } })
  await seed(
    alice.home,
    sample(1, {
      title: `Key ${TOKEN}`,
      metadata: { tags: [TOKEN], note: AWS },
      messages: [...messages, { role: 'user', content: 'hidden words', hidden: true }],
    }),
  )
  return [alice, bob]
}

/** Everything of the server's tables that a user owns. */
const rowsOf = async ({ endpoint }: Member) =>
  JSON.stringify(await runSql(endpoint, 'select registers::text as text from zerodb.session union all select body from zerodb.message'))

test('secrets are shown masked before the first share, and a comment does not hide them', async () => {
  const [alice] = await owner('masked')
  const { screen, code } = await onTerminal(alice.home, ['session', 'share', ID, '--team', 'masked'], [['[y/N] ', 'y\r']], {}, 200)
  expect({ code, screen }).toEqual({ code: 0, screen: expect.stringMatching(/shared-[0-9a-f]{32}/) })
  expect(screen).toContain('6 messages; the team can also read 1 that you hide')
  expect(screen).toMatch(/3 secrets found; --redact replaces them:\s+the session: .*GitHub Token.* ghp\*\*\*\s/)
  for (const secret of [TOKEN, AWS, 'hunter']) expect(screen).not.toContain(secret)
})

test('--redact shares a copy without the secrets, which never reach the server', async () => {
  const [alice, bob] = await owner('redacted')
  const id = await shareOf(alice, ID, 'redacted', '--redact')
  const shown = await bob.home.ok('session', 'show', id, '--json', '--hidden')
  const stored = await rowsOf(alice)
  for (const text of [shown, stored]) {
    for (const secret of [TOKEN, AWS, AWS.slice(-20), 'hunter', 'hidden words']) expect(text).not.toContain(secret)
    expect(text).toContain('so it is [redacted]!')
  }
  expect(JSON.parse(shown)).toMatchObject({ title: 'Key [redacted] (redacted)', metadata: { tags: ['[redacted]'], note: '[redacted]' } })
  expect(shown).not.toContain('usage')

  // The original is as it was, and later messages come with the next share.
  expect(await alice.home.ok('session', 'show', ID, '--raw')).toContain(AWS)
  const later = sample(1, { messages: [...talk('a', 'b'), { role: 'user', content: `later ${TOKEN}`, timestamp: '2024-01-02T00:00:00Z' }] })
  await alice.home.ok('session', 'import', '--merge', '-i', alice.home.write('later.json', JSON.stringify(later)))
  expect(await shareOf(alice, ID, 'redacted', '--redact')).toBe(id)
  expect(await bob.home.ok('session', 'show', id, '--raw', '--tail', '1')).toBe('later [redacted]\n')
  expect(await alice.home.json('session', 'list', '--all', '--json')).toHaveLength(2)

  // A full share next to the redacted one is a decision of its own; the other way round is refused.
  const whole = await shareOf(alice, ID, 'redacted')
  expect(await alice.home.run('session', 'share', ID, '--team', 'redacted', '--redact')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/is shared with redacted already/),
  })
  expect((await alice.home.json('session', 'shares', ID, '--json')).map((each: { id: string }) => each.id)).toEqual([id, whole])
  await alice.home.ok('session', 'unshare', ID)
  expect(await bob.home.json('session', 'list', '--shared', '--json')).toEqual([])
})

test('another device finds the redacted copy before it has read it: it updates the copy, and ends its share', async () => {
  const [alice, bob] = await owner('redacted-devices')
  await alice.home.ok('session', 'sync')
  const second: Member = { ...alice, home: here(makeHome({ AINATIVE_ZERODB_ENDPOINT: alice.endpoint })) }
  await second.home.ok('session', 'sync')
  const id = await shareOf(alice, ID, 'redacted-devices', '--redact')
  expect(await second.home.json('session', 'shares', ID, '--json')).toMatchObject([{ id }])
  const later = sample(1, { messages: [{ role: 'user', content: 'later', timestamp: '2024-01-02T00:00:00Z' }] })
  await second.home.ok('session', 'import', '--merge', '-i', second.home.write('later.json', JSON.stringify(later)))
  expect(await shareOf(second, ID, 'redacted-devices', '--redact')).toBe(id)
  expect(await bob.home.ok('session', 'show', id, '--raw', '--tail', '1')).toBe('later\n')
  expect(await bob.home.json('session', 'list', '--shared', '--json')).toHaveLength(1)
  const third = here(makeHome({ AINATIVE_ZERODB_ENDPOINT: alice.endpoint }))
  expect((await third.json('session', 'unshare', ID, '--json')).removed).toMatchObject([{ id }])
  expect(await bob.home.json('session', 'list', '--shared', '--json')).toEqual([])
})
