import { expect, test } from 'vitest'
import { newAccount, sealAccount } from '../../plugins/zerodb/encryption/account.ts'
import { createCodec } from '../../plugins/zerodb/encryption/codec.ts'
import { publicKeyOf, sealFor } from '../../plugins/zerodb/encryption/identity.ts'
import { deriveMaster } from '../../plugins/zerodb/encryption/master.ts'
import { newWords } from '../../plugins/zerodb/encryption/words.ts'
import { openPostgres } from '../helpers/postgres.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { runSql } from '../helpers/sql.ts'
import { add, ID, raw, refuses, shared } from './encrypted.ts'
import { encrypt, type Member, shareOf, teamOf } from './team.ts'

const FORGED = 'FORGED'
const PLAIN = JSON.stringify({ id: 'm', role: 'user', content: FORGED, timestamp: '2024-01-01T00:00:00Z' })

/** Runs statements as someone who controls the server. */
async function tamper(...statements: string[]): Promise<void> {
  const { admin } = await openPostgres()
  for (const statement of statements) await runSql(admin, statement)
}

/** Statements that restore the rows of a share. */
async function backup(owner: string, share: string, tables = ['share_key', 'message', 'session', 'person']): Promise<string[]> {
  const { admin } = await openPostgres()
  const restored: string[] = []
  for (const table of tables) {
    const where = table === 'share_key' ? `share = '${share}'` : `${table === 'person' ? 'name' : 'owner'} = '${owner}'`
    const rows = await runSql(
      admin,
      `select format('insert into zerodb.${table} select * from jsonb_populate_record(null::zerodb.${table}, %L)', to_jsonb(t)) as text
       from zerodb.${table} t where ${where}`,
    )
    restored.push(`delete from zerodb.${table} where ${where}`, ...rows.map((row) => (row as { text: string }).text))
  }
  return restored
}

/** Statements that replace a shared session by one of someone else, sealed for the reader with the keys of that person. */
function forgery(owner: string, reader: string, share: string, readerKey: string): string[] {
  const mallory = deriveMaster(newWords())
  const key = { id: 'forged', bytes: Buffer.alloc(32, 7) }
  const codec = createCodec(mallory, owner, sealAccount(mallory, owner, newAccount(false)))
  const registers = codec.sealRegisters(ID, { title: { v: JSON.stringify(FORGED), h: '1' } }, key)
  const { body } = codec.sealMessage({ session: ID, id: 'm', place: '1', stamp: '1', body: PLAIN }, key)
  return [
    `update zerodb.person set public_key = '${publicKeyOf(mallory)}' where name = '${owner}'`,
    `update zerodb.share_key set sealed = '${sealFor(readerKey, [key], mallory, ['share', share, owner, ID, reader])}' where member = '${reader}'`,
    `update zerodb.session set registers = '${JSON.stringify(registers)}' where owner = '${owner}'`,
    `update zerodb.message set id = 'm', place = '1', stamp = '1', body = '${body}' where owner = '${owner}' and id = (select min(id) from zerodb.message where owner = '${owner}')`,
  ]
}

test('what someone changes on the server is refused, and never shown', async () => {
  const { alice, bob, id } = await shared('forged')
  await seed(alice.home, sample(2, { title: 'Geheim 2', messages: talk('geheim 2') }))
  const other = await shareOf(alice, 'sample000002', 'forged')
  const good = await raw(bob, id)
  await raw(bob, other)
  const restore = await backup(alice.name, id)
  const { public_key } = await bob.home.json('zerodb', 'key', 'fingerprint', '--json')
  const own = `where owner = '${alice.name}' and id = '${ID}'`
  const sealedKey = `where share = '${id}' and member = '${bob.name}'`
  const title = (value: string) => `update zerodb.session set registers = jsonb_set(registers, '{title,v}', ${value}) ${own}`
  const changes: [name: string, says: RegExp, ...statements: string[]][] = [
    [
      'keys, fields and messages of someone else',
      /public key of forged-alice has changed/,
      ...forgery(alice.name, bob.name, id, public_key),
    ],
    [
      'sealed keys of another share',
      /the sealed key was changed/,
      `update zerodb.share_key set sealed = (select sealed from zerodb.share_key where share = '${other}' and member = '${bob.name}') ${sealedKey}`,
    ],
    ['sealed keys that are cut off', /the sealed key was changed/, `update zerodb.share_key set sealed = left(sealed, 80) ${sealedKey}`],
    ['sealed keys that are none', /the sealed key was changed/, `update zerodb.share_key set sealed = '${FORGED}' ${sealedKey}`],
    ['sealed keys removed', /has not sealed the key for you/, `delete from zerodb.share_key ${sealedKey}`],
    ['a title without encryption', /was not written by forged-alice/, title(`to_jsonb('"${FORGED}"'::text)`)],
    ['the value of another field as title', /was not written by forged-alice/, title(`registers #> '{status,v}'`)],
    ['a title that is cut off', /was not written by forged-alice/, title(`to_jsonb(left(registers #>> '{title,v}', 40))`)],
    ['no text as title', /was not written by forged-alice/, title('\'["x"]\'')],
    [
      'fields of another session',
      /cannot be read yet|was not written by/,
      `update zerodb.session set registers = (select registers from zerodb.session where owner = '${alice.name}' and id = 'sample000002') ${own}`,
    ],
    [
      'everything without encryption',
      /has not sealed the key for you/,
      `delete from zerodb.share_key where share = '${id}'`,
      `delete from zerodb.person where name = '${alice.name}'`,
      `update zerodb.session set registers = '{"title": {"v": "\\"${FORGED}\\"", "h": "1"}}' ${own}`,
      `update zerodb.message set body = '${PLAIN}' where owner = '${alice.name}'`,
    ],
  ]
  for (const [name, says, ...statements] of changes) {
    await tamper(...statements)
    for (const command of ['show', 'clone']) await refuses(bob, says, 'session', command, id)
    const list = await bob.home.run('session', 'list', '--shared', '--json')
    expect(JSON.parse(list.stdout), name).toContainEqual(expect.objectContaining({ id, title: '(encrypted)' }))
    expect(list.stdout + list.stderr, name).not.toContain(FORGED)
    await tamper(...restore)
  }
  expect(await raw(bob, id)).toBe(good)
})

test('messages that someone changes on the server are left out with a warning', async () => {
  const { alice, bob, id } = await shared('forged-text')
  const restore = await backup(alice.name, id)
  const own = `where owner = '${alice.name}' and session = '${ID}'`
  for (const [left, statement] of [
    [2, `update zerodb.message m set body = (select body from zerodb.message o ${own} and o.id <> m.id) ${own}`],
    [2, `update zerodb.message set stamp = 'ffff' || substr(stamp, 5) ${own}`],
    [2, `update zerodb.message set body = null ${own}`],
    [1, `update zerodb.message set body = '${PLAIN}' ${own} and id = (select min(id) from zerodb.message ${own})`],
  ] as const) {
    await tamper(statement)
    const { code, stdout, stderr } = await bob.home.run('session', 'show', id, '--json')
    expect({ code, count: JSON.parse(stdout).messages.length }).toEqual({ code: 0, count: 2 - left })
    expect(stderr).toMatch(new RegExp(`warning: omitted ${left} messages? of ${id} that forged-text-alice did not write`))
    expect(stdout).not.toContain(FORGED)
    await tamper(...restore)
  }
  await tamper(`update zerodb.message set body = replace(body, ':', ':0') ${own} and id = (select min(id) from zerodb.message ${own})`)
  expect((await bob.home.run('session', 'show', id)).stderr).toContain(`warning: 1 message of ${id} cannot be read before the next`)
  expect(await bob.home.run('session', 'clone', id)).toMatchObject({ code: 1, stderr: expect.stringMatching(/hint: nothing was copied/) })
})

test('a device seals no key for a share that someone else wrote or brought back', async () => {
  const { alice, bob, id } = await shared('forged-share')
  await seed(alice.home, sample(2, { title: 'Geheim 2', messages: talk('geheim 2') }))
  await alice.home.ok('session', 'sync')
  const made = `insert into zerodb.share (id, owner, session, team) values ('shared-f00d', '${alice.name}', 'sample000002', 'forged-share')`
  await tamper(made, `insert into zerodb.share_key select 'shared-f00d', member, sealed from zerodb.share_key where share = '${id}'`)
  expect((await alice.home.run('session', 'sync')).stderr).toContain('no key is sealed for the share of sample000002')
  await refuses(bob, /the sealed key was changed/, 'session', 'show', 'shared-f00d')
  await tamper(`delete from zerodb.share where id = 'shared-f00d'`)

  const before = await raw(bob, id)
  const restore = await backup(alice.name, id, ['share', 'share_key'])
  await alice.home.ok('session', 'unshare', ID)
  await tamper(...restore)
  await add(alice, 'geheime Nachfrage')
  expect((await alice.home.run('session', 'sync')).stderr).toContain(`no key is sealed for the share of ${ID}`)
  const { stdout, stderr } = await bob.home.run('session', 'show', id, '--raw')
  expect(stdout).toBe(before)
  expect(stderr).toContain(`warning: 1 message of ${id} cannot be read before`)
})

test('a member with an invalid public key stops nobody', async () => {
  const [alice, bob, mallory] = (await teamOf('forged-key', 'alice', 'bob', 'mallory')) as [Member, Member, Member]
  for (const member of [alice, bob, mallory]) await encrypt(member)
  await seed(alice.home, sample(1, { title: 'Geheimplan', messages: talk('geheime Frage') }))
  for (const key of ['x', Buffer.alloc(32).toString('base64'), '']) {
    await runSql(mallory.endpoint, `update zerodb.person set public_key = '${key}' where name = '${mallory.name}'`)
    const id = await shareOf(alice, ID, 'forged-key')
    expect(await raw(bob, id)).toBe('geheime Frage\n')
    expect((await alice.home.run('session', 'sync')).code).toBe(0)
  }
})
