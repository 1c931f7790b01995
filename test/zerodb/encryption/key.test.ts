import fs from 'node:fs'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { deriveMaster } from '../../../plugins/zerodb/encryption/master.ts'
import { newWords } from '../../../plugins/zerodb/encryption/words.ts'
import { type Home, here, makeHome } from '../../helpers/cli.ts'
import { useKeyring } from '../../helpers/keyring.ts'
import { USER_CONFIG } from '../../helpers/plugins.ts'
import { openPostgres, userOn, withServer } from '../../helpers/postgres.ts'
import { expectProblem } from '../../helpers/problem.ts'
import { sample, seed, talk } from '../../helpers/seed.ts'
import { onTerminal } from '../../helpers/terminal.ts'
import { until } from '../../helpers/until.ts'
import { dump } from './devices.ts'

const FILE = '.local/state/ainative-code/zerodb-key.json'
const ON = 'services:\n  zerodb:\n    encryption: true\n'
const words = async (home: Home): Promise<string[]> => (await here(home).json('zerodb', 'key', 'show', '--yes', '--json')).words

/** A home that syncs with encryption. */
function encrypting(endpoint: string): Home {
  const home = makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })
  home.write(USER_CONFIG, ON)
  return home
}

test('a key is made, shown, and entered on another device', async () => {
  const [a, b] = [makeHome(), makeHome()]
  expectProblem(await here(a).run('zerodb', 'key', 'show'), 1, 'this device has no key\nhint: ainative-code zerodb key new')
  expectProblem(await here(a).run('zerodb', 'key', 'fingerprint'), 1, 'this device has no key')
  const { code, stdout, stderr } = await here(a).run('zerodb', 'key', 'new')
  expect({ code, words: stdout.trim().split(/\s+/) }).toEqual({ code: 0, words: await words(a) })
  expect(stderr).toContain('Next: ainative-code config set services.zerodb.encryption true\n')
  expect(fs.statSync(a.path(FILE)).mode & 0o777).toBe(0o600)
  expect(await b.runWith({ input: stdout.toUpperCase() }, 'zerodb', 'key', 'enter', '--stdin')).toMatchObject({ code: 0 })
  expect(await words(b)).toEqual(await words(a))
  const fingerprint = await here(a).ok('zerodb', 'key', 'fingerprint')
  expect(fingerprint).toMatch(/^(\d{5} ){7}\d{5}\n$/)
  expect(await here(b).ok('zerodb', 'key', 'fingerprint')).toBe(fingerprint)
  // The same words again are no replacement.
  expect(await b.runWith({ input: stdout }, 'zerodb', 'key', 'enter', '--stdin')).toMatchObject({ code: 0 })
})

test('a mistake in the words is named by its place, and the words stay', async () => {
  const home = makeHome()
  await here(home).ok('zerodb', 'key', 'new')
  const before = await words(home)
  const wrong = newWords()
  for (const [input, message] of [
    [wrong.with(4, 'geheim').join(' '), 'word 5 is misspelled'],
    [wrong.slice(2).join(' '), 'a key has 24 words, and the input has 22'],
    ['', 'the input has 0'],
  ] as const) {
    const { code, stdout, stderr } = await home.runWith({ input }, 'zerodb', 'key', 'enter', '--stdin', '--yes')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain(wrong.slice(5, 7).join(' '))
    expect(stderr).not.toContain('geheim')
  }
  expectProblem(await home.runWith({ input: wrong.join(' ') }, 'zerodb', 'key', 'enter', '--stdin'), 2, 'confirmation required')
  expectProblem(await home.run('zerodb', 'key', 'enter'), 2, 'standard input is not a terminal')
  expect(await words(home)).toEqual(before)
})

test('a damaged file counts as no key, and no word of it is shown', async () => {
  const home = makeHome()
  await here(home).ok('zerodb', 'key', 'new')
  const [first = ''] = await words(home)
  for (const text of [
    home.read(FILE).replace(first, 'geheim'),
    home.read(FILE).replace(`"${first}",`, ''),
    home.read(FILE).slice(0, 100),
    '[]',
  ]) {
    home.write(FILE, text)
    for (const command of ['show', 'fingerprint', 'rotate']) {
      const result = await here(home).run('zerodb', 'key', command)
      expectProblem(result, 1, 'this device has no key')
      expect(result.stderr).not.toContain('geheim')
    }
  }
})

test('on a terminal the words are typed without echo, in several lines, and a key is only replaced after a question', async () => {
  const home = makeHome()
  const typed = newWords()
  const { code, screen } = await onTerminal(
    home,
    ['zerodb', 'key', 'enter'],
    [
      ['24 words (hidden): ', `${typed.slice(0, 10).join(' ')}\r`],
      ['14 words (hidden): ', `${typed.slice(10).join(' ')}\r`],
    ],
  )
  expect(code).toBe(0)
  expect(screen).not.toMatch(new RegExp(`${typed[0]} ${typed[1]}`))
  expect(await words(home)).toEqual(typed)
  expect((await onTerminal(home, ['zerodb', 'key', 'new'], [['[y/N]', 'n\r']])).screen).toContain('The key was not replaced')
  expect((await onTerminal(home, ['zerodb', 'key', 'show'], [['[y/N]', '\r']])).screen).toContain('The words were not shown')
  expect(await words(home)).toEqual(typed)
  await onTerminal(home, ['zerodb', 'key', 'new'], [['[y/N]', 'y\r']])
  expect(await words(home)).not.toEqual(typed)
})

test('the words are in the keyring where there is one', async () => {
  const home = makeHome()
  const keyring = useKeyring(home)
  const made = (await home.json('zerodb', 'key', 'new', '--json')).words
  expect(JSON.parse(home.read(FILE))).toEqual({ 'zerodb key': 'keyring' })
  expect(JSON.parse(keyring.entries()['zerodb key'] ?? '')).toEqual({ words: made })
  expect((await home.json('zerodb', 'key', 'show', '--yes', '--json')).words).toEqual(made)
  const locked = { env: { KEYRING_FAILS: 'get' } }
  expectProblem(await home.runWith(locked, 'zerodb', 'key', 'show', '--yes'), 1, 'the keyring does not work: the fake is locked')
})

test('two devices sync through an encrypted account, and rotate its key', async () => {
  const endpoint = await userOn(await openPostgres(), 'enc-cli')
  const [a, b] = [encrypting(endpoint), encrypting(endpoint)]
  await seed(a, sample(1, { title: 'Geheimer Titel', messages: talk('Geheime Frage', 'Geheime Antwort') }))
  expectProblem(await here(a).run('session', 'sync'), 1, 'this device has no key\nhint: ainative-code zerodb key new')
  await here(a).ok('zerodb', 'key', 'new')
  expect(await a.ok('session', 'sync')).toBe('Pushed 1 session and 2 messages; in sync\n')
  expect(await dump(endpoint)).not.toMatch(/Geheim|sample prompt|Frage/)
  expectProblem(
    await here(b).run('session', 'sync'),
    1,
    'this device has no key: nothing was read or sent\nhint: ainative-code zerodb key enter',
  )
  await here(b).ok('zerodb', 'key', 'new')
  expectProblem(await here(b).run('session', 'sync'), 1, 'encrypted with other words than those of this device: nothing was read or sent')
  await b.runWith({ input: (await words(a)).join(' ') }, 'zerodb', 'key', 'enter', '--stdin', '--yes')
  expect(await here(b).ok('session', 'sync', '--dry-run')).toBe('pull sample000001  2 messages  Geheimer Titel\n')
  expect(await here(b).ok('session', 'sync')).toBe('Pulled 1 session and 2 messages; in sync\n')
  const exported = await here(a).ok('session', 'export', 'sample000001', '-o', '-')
  expect(await here(b).ok('session', 'export', 'sample000001', '-o', '-')).toBe(exported)
  expect(await here(b).ok('zerodb', 'status')).toContain('Encryption: on\n')

  const old = await words(a)
  const rotated = (await a.ok('zerodb', 'key', 'rotate')).trim().split(/\s+/)
  expect(await words(a)).toEqual(rotated)
  expect(rotated).not.toEqual(old)
  expect(await dump(endpoint)).not.toContain(deriveMaster(old).key.id)
  expectProblem(await here(b).run('session', 'sync'), 1, 'encrypted with other words')
  await b.runWith({ input: rotated.join(' ') }, 'zerodb', 'key', 'enter', '--stdin', '--yes')
  expect(await here(b).ok('session', 'sync')).toMatch(/in sync\n$/)
})

test('a rotation that another device overtakes names the command that helps', async () => {
  const endpoint = await userOn(await openPostgres(), 'enc-race')
  const home = encrypting(endpoint)
  await here(home).ok('zerodb', 'key', 'new')
  await here(home).ok('session', 'sync')
  const rotation = await withServer(endpoint, ({ db }) =>
    db.transaction().execute(async (other) => {
      await sql`update zerodb.feed set key_check = key_check || ' ' where owner = zerodb.me()`.execute(other)
      const result = home.run('zerodb', 'key', 'rotate')
      const waiting = sql`select 1 from pg_locks where not granted`
      await until('the wait of the rotation', async () => (await waiting.execute(other)).rows.length > 0)
      return { result }
    }),
  )
  expectProblem(
    await rotation.result,
    1,
    'another device changed the key of the account at the same time\nhint: ainative-code zerodb key enter reads the new words',
  )
})

test('the key of another person is trusted at its first use, and a changed one only after a confirmation', async () => {
  const postgres = await openPostgres()
  const [alice, bob] = [encrypting(await userOn(postgres, 'enc-alice')), encrypting(await userOn(postgres, 'enc-bob'))]
  for (const home of [alice, bob]) await here(home).ok('zerodb', 'key', 'new')
  const show = ['zerodb', 'key', 'fingerprint', 'enc-bob']
  await here(alice).ok('session', 'sync')
  expectProblem(await here(alice).run(...show), 1, 'enc-bob has no public key on the server')
  await here(bob).ok('session', 'sync')
  const fingerprint = (await here(bob).ok('zerodb', 'key', 'fingerprint')).trim()
  expect(await here(alice).json(...show, '--json')).toMatchObject({ fingerprint, state: 'new' })
  const { public_key } = await here(alice).json(...show, '--accept', '--json')
  expect(await here(alice).json(...show, '--json')).toMatchObject({ fingerprint, public_key, state: 'known' })
  await here(bob).ok('zerodb', 'key', 'rotate')
  expect(await here(alice).ok(...show)).toMatch(/^(\d{5} ){7}\d{5} {2}\(changed; this device trusts another key\)\n$/)
  expect(await here(alice).json(...show, '--accept', '--json')).toMatchObject({ state: 'known' })
  expectProblem(await here(alice).run('zerodb', 'key', 'fingerprint', '--accept'), 2, '--accept needs the name of a person')
})

test('an account without encryption has nothing to rotate; turning it on shows in the dry run and the status', async () => {
  const endpoint = await userOn(await openPostgres(), 'enc-status')
  const home = makeHome({ AINATIVE_ZERODB_ENDPOINT: endpoint })
  await here(home).ok('zerodb', 'key', 'new')
  await seed(home, sample(1, { title: 'One', messages: talk('Hello') }))
  await here(home).ok('session', 'sync')
  expect(await here(home).ok('zerodb', 'status')).toContain('Encryption: off\n')
  expectProblem(await here(home).run('zerodb', 'key', 'rotate'), 1, 'the account is not encrypted')
  home.write(USER_CONFIG, ON)
  expect(await here(home).ok('zerodb', 'status')).toContain('Encryption: on from the next sync\n')
  expect(await here(home).ok('session', 'sync', '--dry-run')).toBe('push sample000001  1 message  One\n')
  await here(home).ok('session', 'sync')
  expect(await here(home).json('zerodb', 'status', '--json')).toMatchObject({ encryption: { enabled: true, account: 'complete' } })
  fs.rmSync(home.path(USER_CONFIG))
  expect(await here(home).ok('zerodb', 'status')).toContain('Encryption: off on this device, but the account is encrypted\n')
})

test('a list of sessions loads nothing of the encryption', async () => {
  const endpoint = await userOn(await openPostgres(), 'enc-start')
  const home = encrypting(endpoint)
  await here(home).ok('zerodb', 'key', 'new')
  await seed(home, sample(1, { title: 'One' }))
  await here(home).ok('session', 'sync')
  const script = home.write(
    'read.cjs',
    `const fs = require('fs')
     const read = []
     for (const name of ['openSync', 'readFileSync']) {
       const own = fs[name]
       fs[name] = (file, ...rest) => { read.push(String(file)); return own(file, ...rest) }
     }
     process.on('exit', () => process._rawDebug('read ' + JSON.stringify(read)))`,
  )
  const readBy = async (...argv: string[]) => {
    const { stderr } = await home.runWith({ env: { NODE_OPTIONS: `--require ${script}` } }, ...argv)
    const files = JSON.parse(stderr.split('read ')[1] ?? '') as string[]
    return files.filter((file) => file.endsWith('.cjs') && /aes-256-gcm|abandon ability|class Kysely/.test(fs.readFileSync(file, 'utf8')))
  }
  expect(await readBy('session', 'sync')).not.toEqual([])
  expect(await readBy('session', 'list')).toEqual([])
  expect(await readBy('session', 'tag', 'sample000001', 'x')).toEqual([])
})
