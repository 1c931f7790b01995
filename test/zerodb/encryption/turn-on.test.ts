import { expect, test } from 'vitest'
import { newAccount, sealAccount } from '../../../plugins/zerodb/encryption/account.ts'
import { deriveMaster } from '../../../plugins/zerodb/encryption/master.ts'
import { newWords } from '../../../plugins/zerodb/encryption/words.ts'
import type { Device } from '../sync/device.ts'
import { openProxy } from '../sync/proxy.ts'
import { addDevice, creation, devicesOf, dump, message, tamper, text, WORDS } from './devices.ts'

const SECRETS = /geheim|Titel|Nachricht|anders/

/** The same database, on a device that encrypts. */
const encrypting = (endpoint: string, device: Device, words = WORDS) => addDevice(endpoint, words, (file) => device.copyTo(file))

/** Two devices without encryption that are in sync, with every kind of row. */
async function plainDevices(name: string): Promise<{ endpoint: string; a: Device; b: Device }> {
  const { endpoint, devices } = await devicesOf(name, undefined, undefined)
  const [a, b] = devices as [Device, Device]
  await a.save(
    creation('aaaaaaaaaaaa', 'Titel a', 'Nachricht 1', 'Nachricht 2'),
    creation('bbbbbbbbbbbb', 'Titel b'),
    creation('cccccccccccc', 'Titel c'),
  )
  const [first] = (await a.state())[0]?.messages ?? []
  await a.sync()
  await a.save({ id: 'aaaaaaaaaaaa', removeMessages: [first?.id ?? ''], removeTags: ['geheimtag'] }, { id: 'cccccccccccc', remove: true })
  await a.sync()
  await b.sync()
  return { endpoint, a, b }
}

test('turning encryption on leaves nothing readable on the server, and the other device continues with the words', async () => {
  const { endpoint, a, b } = await plainDevices('on')
  await b.save({ id: 'bbbbbbbbbbbb', append: [message('Nachricht von b')], addTags: ['anders'] })
  await b.sync()
  expect(await dump(endpoint)).toMatch(SECRETS)
  const first = await encrypting(endpoint, a)
  expect(await first.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await dump(endpoint)).not.toMatch(SECRETS)
  expect(await text(first)).toBe(await text(b))
  await b.save({ id: 'bbbbbbbbbbbb', append: [message('Nachricht danach')] })
  await expect(b.sync()).rejects.toMatchObject({ code: 'key', message: expect.stringContaining('encryption is off on this device') })
  const second = await encrypting(endpoint, b)
  for (const device of [second, first]) expect(await device.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await text(first)).toBe(await text(second))
  expect((await first.state())[1]?.messages.map(({ content }) => content)).toEqual(['Nachricht von b', 'Nachricht danach'])
  expect(await dump(endpoint)).not.toMatch(SECRETS)
})

test('turning encryption on is continued after an interruption at any point, also by another device', async () => {
  const { endpoint, a, b } = await plainDevices('on-cut')
  const proxy = await openProxy(endpoint)
  const before = await text(a)
  const first = await encrypting(proxy.endpoint, a)
  const second = await encrypting(endpoint, b)
  let cuts = 0
  // The connection ends later each time: in the first pull, before and after the key, in the second pull, and in the pushes.
  for (let after = 300; ; after += 150) {
    proxy.cut = { from: cuts % 2 ? 'client' : 'server', after }
    const isDone = await first.sync().then(
      () => true,
      () => false,
    )
    if (isDone) break
    cuts++
  }
  await proxy.close()
  expect(cuts).toBeGreaterThan(8)
  expect(await second.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await dump(endpoint)).not.toMatch(SECRETS)
  const fresh = await addDevice(endpoint, WORDS)
  expect(await fresh.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await text(fresh)).toBe(await text(second))
  expect(before).toContain('Nachricht 2')
  expect(await text(fresh)).toContain('Nachricht 2')
})

test('another device finishes what the first one began', async () => {
  const { endpoint, b } = await plainDevices('on-other')
  // The first device stopped after it had given the account its key.
  const check = sealAccount(deriveMaster(WORDS), 'on-other', newAccount(true))
  await tamper(endpoint, `update zerodb.feed set key_check = '${check}'`)
  const second = await encrypting(endpoint, b)
  expect(await second.sync({ pull: false })).toMatchObject({ equal: true, aside: 0 })
  expect(await dump(endpoint)).not.toMatch(SECRETS)
  expect(await text(second)).toBe(await text(b))
})

test('a device whose copy is local-only leaves a session that is synced again to the other devices', async () => {
  const { endpoint, a, b } = await plainDevices('on-local')
  await a.save({ id: 'aaaaaaaaaaaa', setMeta: { sync: 'local-only' } })
  await a.sync()
  await b.sync()
  await b.save(creation('aaaaaaaaaaaa', 'Titel b', 'Nachricht von b'))
  await b.sync()
  await a.sync()
  await (await encrypting(endpoint, a)).sync()
  const fresh = await addDevice(endpoint, WORDS)
  await fresh.sync({ push: false })
  expect(await text(fresh)).toBe(await text(b))
  await (await encrypting(endpoint, b)).sync()
  expect(await dump(endpoint)).not.toMatch(SECRETS)
  await fresh.sync()
  expect(await text(fresh)).toBe(await text(b))
})

test('what no device can read is encrypted too', async () => {
  const { endpoint } = await plainDevices('on-broken')
  await tamper(endpoint, `update zerodb.message set body = 'geheim, not JSON' where body is not null`)
  await (await addDevice(endpoint, WORDS)).sync()
  expect(await dump(endpoint)).not.toMatch(SECRETS)
  expect(await (await addDevice(endpoint, WORDS)).sync()).toMatchObject({ aside: 1 })
})

test('a device that only pulls, or looks, turns nothing on; a push of one session turns all on', async () => {
  const { endpoint, a } = await plainDevices('on-only')
  const first = await encrypting(endpoint, a)
  await first.sync({ push: false })
  expect(await dump(endpoint)).toMatch(SECRETS)
  await first.sync({ pull: false })
  expect(await dump(endpoint)).not.toMatch(SECRETS)
})

test('rows that arrive without encryption after it was turned on are set aside', async () => {
  const { endpoint, a } = await plainDevices('on-late')
  const first = await encrypting(endpoint, a)
  await first.sync()
  await tamper(
    endpoint,
    `update zerodb.session set rev = 1000, registers = registers || '{"title": {"v": "\\"forged\\"", "h": "ffff"}}' where id = 'aaaaaaaaaaaa'`,
    `insert into zerodb.message values (zerodb.me(), 'bbbbbbbbbbbb', 'x', 1001, 'ffff', 'ffff', '{"id":"x","role":"user","content":"forged","timestamp":"2026-01-01T00:00:00Z"}')`,
    'update zerodb.feed set rev = 1001',
  )
  expect(await first.sync()).toMatchObject({ aside: 2 })
  expect(await text(first)).not.toContain('forged')
  await expect((await addDevice(endpoint, newWords())).sync()).rejects.toMatchObject({ code: 'key' })
})

test('after the words are lost, a device that has the sessions fills the account of a user who was added again', async () => {
  const { endpoint, devices } = await devicesOf('lost', WORDS)
  const [a] = devices as [Device]
  await a.save(creation('aaaaaaaaaaaa', 'Titel a', 'Nachricht 1'), creation('cccccccccccc', 'Titel c'))
  await a.save({ id: 'cccccccccccc', remove: true })
  await a.sync()
  await tamper(endpoint, 'delete from zerodb.message; delete from zerodb.session; delete from zerodb.feed')
  const words = newWords()
  const again = await encrypting(endpoint, a, words)
  expect(await again.sync()).toMatchObject({ equal: true, aside: 0 })
  const fresh = await addDevice(endpoint, words)
  expect(await fresh.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await text(fresh)).toBe(await text(a))
  // Without the setting, keys of sessions do not go to a server that is not encrypted.
  await tamper(endpoint, 'delete from zerodb.message; delete from zerodb.session; delete from zerodb.feed')
  const plain = await addDevice(endpoint, undefined, (file) => again.copyTo(file))
  expect(await plain.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await dump(endpoint)).toContain('Titel a')
  expect(await dump(endpoint)).not.toContain('key:')
})
