import { expect, test } from 'vitest'
import { saveKey } from '../../../plugins/zerodb/encryption/key-store.ts'
import { deriveMaster } from '../../../plugins/zerodb/encryption/master.ts'
import { startRotation } from '../../../plugins/zerodb/encryption/rotate.ts'
import { codecOf } from '../../../plugins/zerodb/encryption/unlock.ts'
import { newWords } from '../../../plugins/zerodb/encryption/words.ts'
import { connect } from '../../../plugins/zerodb/server/connect.ts'
import type { Device } from '../sync/device.ts'
import { openProxy } from '../sync/proxy.ts'
import { addDevice, creation, devicesOf, dump, message, text, WORDS } from './devices.ts'

const id = (words: string[]) => deriveMaster(words).key.id

/** Does what `zerodb key rotate` does before its last sync. */
async function rotate(device: Device, words: string[], next: string[]): Promise<boolean> {
  await saveKey(device.host, { words, next })
  const server = await connect(device.host)
  try {
    const codec = await codecOf(server)
    return codec !== undefined && (await startRotation(server, codec, deriveMaster(next)))
  } finally {
    await server.close()
  }
}

async function twoDevices(name: string) {
  const { endpoint, devices } = await devicesOf(name, WORDS, WORDS)
  const [a, b] = devices as [Device, Device]
  await a.save(
    creation('aaaaaaaaaaaa', 'Titel a', 'Nachricht 1'),
    creation('bbbbbbbbbbbb', 'Titel b', 'Nachricht 2'),
    creation('cccccccccccc', 'Titel c'),
  )
  await a.save({ id: 'cccccccccccc', remove: true })
  for (const device of [a, b]) await device.sync()
  return { endpoint, a, b }
}

test('after a rotation no key is sealed with the old words, and the other device continues with the new ones', async () => {
  const { endpoint, a, b } = await twoDevices('rot')
  const next = newWords()
  expect(await rotate(a, WORDS, next)).toBe(true)
  await expect(b.sync()).rejects.toMatchObject({ code: 'key', message: expect.stringContaining('other words') })
  expect(await a.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await dump(endpoint)).not.toContain(id(WORDS))
  await b.save({ id: 'aaaaaaaaaaaa', append: [message('Nachricht 3')] })
  await saveKey(b.host, { words: next })
  for (const device of [b, a]) expect(await device.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await text(b)).toBe(await text(a))
  // What is written after a rotation has a key that the old words never opened.
  expect((await dump(endpoint)).match(/key:/g)).toHaveLength(3)
  const fresh = await addDevice(endpoint, next)
  expect(await fresh.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await text(fresh)).toBe(await text(a))
  await expect((await addDevice(endpoint, WORDS)).sync()).rejects.toMatchObject({ code: 'key' })
})

test('a rotation that was interrupted before the server knew of it keeps the old words', async () => {
  const { a } = await twoDevices('rot-before')
  await saveKey(a.host, { words: WORDS, next: newWords() })
  expect(await a.sync()).toMatchObject({ equal: true })
})

test('a rotation is continued after an interruption at any point, also by a device that has the new words alone', async () => {
  const { endpoint, a, b } = await twoDevices('rot-cut')
  const proxy = await openProxy(endpoint)
  const next = newWords()
  const cutting = await addDevice(proxy.endpoint, WORDS, (file) => a.copyTo(file))
  expect(await rotate(cutting, WORDS, next)).toBe(true)
  const fresh = await addDevice(endpoint, next)
  // Nothing is sealed anew yet, and the account has the old key beside the new one.
  expect(await fresh.sync({ push: false })).toMatchObject({ aside: 0, equal: true })
  let cuts = 0
  for (let after = 300; cuts < 6; after += 150, cuts++) {
    proxy.cut = { from: cuts % 2 ? 'client' : 'server', after }
    await expect(cutting.sync()).rejects.toThrow()
  }
  await saveKey(b.host, { words: next })
  expect(await b.sync()).toMatchObject({ equal: true, aside: 0 })
  expect(await dump(endpoint)).not.toContain(id(WORDS))
  proxy.cut = undefined
  expect(await cutting.sync()).toMatchObject({ equal: true, aside: 0 })
  await proxy.close()
  expect(await text(cutting)).toBe(await text(b))
})

test('of two rotations at once one wins', async () => {
  const { a, b } = await twoDevices('rot-race')
  const [first, second] = [newWords(), newWords()]
  const won = await Promise.all([rotate(a, WORDS, first), rotate(b, WORDS, second)].map((each) => each.catch(() => false)))
  expect(won.filter(Boolean)).toHaveLength(1)
  const [winner, loser] = won[0] ? [a, b] : [b, a]
  expect(await winner.sync()).toMatchObject({ equal: true, aside: 0 })
  await expect(loser.sync()).rejects.toMatchObject({ code: 'key' })
})
