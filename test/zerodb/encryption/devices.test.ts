import { expect, onTestFinished, test } from 'vitest'
import { accessTo } from '../../../plugins/sqlite/index.ts'
import { fingerprintOf, publicKeyOf } from '../../../plugins/zerodb/encryption/identity.ts'
import { deriveMaster } from '../../../plugins/zerodb/encryption/master.ts'
import { requirePin } from '../../../plugins/zerodb/encryption/pins.ts'
import { newWords } from '../../../plugins/zerodb/encryption/words.ts'
import { CLIENT } from '../../../plugins/zerodb/server/schema.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import type { Device } from '../sync/device.ts'
import { simulate } from '../sync/simulation.ts'
import { addDevice, creation, devicesOf, dump, message, tamper, text, WORDS } from './devices.ts'

const SECRETS = /geheim|aaaa title|erste|Nachricht|umbenannt|anders/

test('two devices with the same words converge, and the server holds no word of a session', async () => {
  const { endpoint, devices } = await devicesOf('enc-two', WORDS, WORDS)
  const [a, b] = devices as [Device, Device]
  await a.save(creation('aaaaaaaaaaaa', 'aaaa title', 'erste Nachricht', 'a\u0000\ud800'))
  await a.sync()
  expect(await b.sync()).toMatchObject({ pulled: { sessions: 1, messages: 2 }, equal: true, aside: 0 })
  await b.save({
    id: 'aaaaaaaaaaaa',
    set: { title: 'umbenannt' },
    addTags: ['anders'],
    removeTags: ['geheimtag'],
    append: [message('zweite Nachricht')],
  })
  await a.save({ id: 'aaaaaaaaaaaa', setMeta: { anders: 'geheim' }, unsetMeta: ['geheimkey'], append: [message('dritte Nachricht')] })
  for (const device of [b, a, b]) expect(await device.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await text(b)).toBe(await text(a))
  expect((await a.state())[0]).toMatchObject({ title: 'umbenannt', tags: ['anders'], metadata: { anders: 'geheim' } })
  const dumped = await dump(endpoint)
  expect(dumped).toContain('aaaaaaaaaaaa')
  expect(dumped).not.toMatch(SECRETS)
})

test('a history of devices that encrypt, edit offline and lose connections ends in the same state', async () => {
  // In this one, sessions end while others write to them.
  await simulate(102, await userOn(await openPostgres(), 'enc-history'), 50, WORDS)
})

test('two devices that import the same session offline give it two keys, and everything stays readable', async () => {
  const { endpoint, devices } = await devicesOf('enc-twice', WORDS, WORDS)
  const [a, b] = devices as [Device, Device]
  for (const device of [a, b]) await device.save(creation('aaaaaaaaaaaa', 'aaaa title', `erste Nachricht`))
  await a.sync()
  // Without a pull, the second device cannot know the key of the first one.
  await b.sync({ pull: false })
  for (const device of [a, b, a]) expect(await device.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await text(b)).toBe(await text(a))
  expect((await dump(endpoint)).match(/key:/g)).toHaveLength(2)
  const c = await addDevice(endpoint, WORDS)
  expect(await c.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await text(c)).toBe(await text(a))
})

test('a device with other words, without words, or without the setting neither reads nor writes', async () => {
  const { endpoint, devices } = await devicesOf('enc-other', WORDS)
  const [a] = devices as [Device]
  await a.save(creation('aaaaaaaaaaaa', 'aaaa title', 'erste Nachricht'))
  await a.sync()
  const before = await dump(endpoint)
  for (const [words, hint] of [
    [newWords(), 'zerodb key enter'],
    [[], 'zerodb key enter'],
    [undefined, 'config set services.zerodb.encryption true'],
  ] as const) {
    const other = await addDevice(endpoint, words && [...words])
    await other.save(creation('bbbbbbbbbbbb', 'bbbb', 'other'))
    for (const options of [{}, { pull: false }, { push: false }, { force: true }])
      await expect(other.sync(options)).rejects.toMatchObject({ code: 'key', hint: expect.stringContaining(hint) })
    expect(await other.state()).toHaveLength(1)
  }
  expect(await dump(endpoint)).toBe(before)
})

test('of two devices that turn encryption on at once, one wins and the other is told', async () => {
  const { endpoint, devices } = await devicesOf('enc-race', WORDS, newWords())
  for (const [i, device] of devices.entries()) await device.save(creation(`${i}aaaaaaaaaaa`, 'aaaa title', `erste Nachricht ${i}`))
  const results = await Promise.allSettled(devices.map((device) => device.sync()))
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'key', message: expect.stringContaining('other words') },
  })
  expect((await dump(endpoint)).match(/[01]aaaaaaaaaaa,/g)).toHaveLength(2)
})

test('the key of a person is remembered at its first use, and another one refused', async () => {
  const { devices } = await devicesOf('enc-pins', WORDS)
  const access = await accessTo((devices as [Device])[0].host)
  if (!access) throw new Error('no database')
  const [first, second] = [newWords(), newWords()].map((words) => publicKeyOf(deriveMaster(words))) as [string, string]
  for (let i = 0; i < 2; i++) await requirePin(access, 'account', 'bob', first)
  await expect(requirePin(access, 'account', 'bob', second)).rejects.toMatchObject({
    code: 'key',
    message: `the public key of bob has changed: its fingerprint is now ${fingerprintOf(second)}`,
    hint: expect.stringContaining('zerodb key fingerprint bob --accept'),
  })
  await requirePin(access, 'account', 'carol', second)
})

test('messages that need a newer program are applied after an upgrade', async () => {
  const { endpoint, devices } = await devicesOf('enc-newer', WORDS, WORDS)
  const [a, b] = devices as [Device, Device]
  await a.save(creation('aaaaaaaaaaaa', 'aaaa title', 'erste Nachricht'))
  await a.sync()
  await tamper(endpoint, `update zerodb.message set needs = ${CLIENT.version + 1}`)
  expect(await b.sync()).toMatchObject({ equal: true, aside: 0 })
  expect((await b.state())[0]?.messages).toEqual([])
  CLIENT.version++
  onTestFinished(() => void CLIENT.version--)
  expect(await b.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await text(b)).toBe(await text(a))
})

test('a session in the trash stays there when it gets a key, and a purge reaches every device', async () => {
  const { devices } = await devicesOf('enc-trash', WORDS, WORDS)
  const [a, b] = devices as [Device, Device]
  await a.save(creation('aaaaaaaaaaaa', 'aaaa title', 'erste Nachricht'), creation('bbbbbbbbbbbb', 'bbbb', 'other'))
  await a.save({ id: 'aaaaaaaaaaaa', set: { deleted_at: '2026-01-01T00:00:00Z' } })
  for (const device of [a, b]) await device.sync()
  expect((await b.state())[0]?.deleted_at).toBe('2026-01-01T00:00:00Z')
  for (const device of [a, b]) await device.save({ id: 'bbbbbbbbbbbb', remove: true })
  for (const device of [b, a, b]) expect(await device.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await text(b)).toBe(await text(a))
  expect(await a.state()).toHaveLength(1)
})
