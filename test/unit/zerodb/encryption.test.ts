import { expect, test } from 'vitest'
import { fingerprintOf, openSealed, publicKeyOf, sealFor } from '../../../plugins/zerodb/encryption/identity.ts'
import { deriveMaster } from '../../../plugins/zerodb/encryption/master.ts'
import { keyIdOf, open, seal } from '../../../plugins/zerodb/encryption/seal.ts'
import { newWords, parseWords, WORDS } from '../../../plugins/zerodb/encryption/words.ts'

/** The words of BIP-39 for 32 bytes of zero. */
const ZERO = [...Array(23).fill('abandon'), 'art']
const ABOUT = ['r', 'alice', 'aaaa11112222', 'title', '0199']

// Made by another implementation (Python). Data of today must stay readable, so these values must never change.
test('words, keys, sealed texts and fingerprints are those of the first version', () => {
  const master = deriveMaster(parseWords(ZERO.join(' ')))
  expect(master.key.id).toBe('6ceb718f75b85706')
  expect(master.key.bytes.toString('hex')).toBe('6716dd00d4295acdb4b010fba9c5bc7952671e5adea20a972a1264ce82b91dda')
  expect(master.identity.toString('hex')).toBe('d70ea64ccb8d39e85ca0345dcd3a247a9d44f75e0e4c864d31cfe446647973cb')
  const sealed = '~1:6ceb718f75b85706:AAECAwQFBgcICQoLOEf8xP2zFXxo7D5GIEEOHVrdwMzSQrF9tVzYmtNLoA=='
  expect(open(master.key, sealed, ABOUT)).toBe('title\n"Grüße"')
  expect(publicKeyOf(master)).toBe('DMbHx1k6rdT0JV+zWAf625aiQP2hXn2/hAAHlL/XnEU=')
  expect(fingerprintOf(publicKeyOf(master))).toBe('31454 80719 94803 73290 48466 46479 57760 96525')
})

test('words are read in any case and with any white space', () => {
  expect(parseWords(`  ${ZERO.join('\r\n\t').toUpperCase()}\n`)).toEqual(ZERO)
  const words = newWords()
  expect(words).toHaveLength(WORDS)
  expect(parseWords(words.join(' '))).toEqual(words)
  expect(newWords()).not.toEqual(words)
})

test('a mistake in the words is named by its place, never by the word', () => {
  const mistake = (words: string[]) => {
    try {
      return String(parseWords(words.join(' ')))
    } catch (error) {
      return (error as Error).message
    }
  }
  expect(mistake(ZERO.with(6, 'abandno'))).toBe('word 7 is misspelled: it is not in the list of BIP-39')
  expect(mistake(ZERO.with(0, 'x').with(22, 'secret-word'))).toBe('the words 1, 23 are misspelled: they are not in the list of BIP-39')
  expect(mistake(ZERO.slice(1))).toBe('a key has 24 words, and the input has 23')
  expect(mistake([])).toBe('a key has 24 words, and the input has 0')
  expect(mistake(ZERO.with(23, 'abandon'))).toMatch(/^every word is in the list, but the checksum does not match/)
})

test('a sealed text opens with its key and its place alone', () => {
  const { key } = deriveMaster(ZERO)
  const text = 'a\u0000b 日本語 😀'
  const sealed = seal(key, text, ABOUT)
  expect(open(key, sealed, ABOUT)).toBe(text)
  expect(seal(key, text, ABOUT)).not.toBe(sealed)
  expect(keyIdOf(sealed)).toBe(key.id)
  for (let i = 0; i < ABOUT.length; i++) expect(() => open(key, sealed, ABOUT.with(i, 'x'))).toThrow('was changed')
  // The parts are bound with their borders.
  expect(() => open(key, seal(key, text, ['ab', 'c']), ['a', 'bc'])).toThrow('was changed')
  const other = deriveMaster(newWords())
  expect(() => open(other.key, sealed, ABOUT)).toThrow('another key')
  expect(() => open({ ...other.key, id: key.id }, sealed, ABOUT)).toThrow('was changed')
})

test('a damaged text is refused', () => {
  const { key } = deriveMaster(ZERO)
  const sealed = seal(key, 'text', ABOUT)
  const data = Buffer.from(sealed.split(':')[2] ?? '', 'base64')
  for (let i = 0; i < data.length; i++) {
    const changed = Buffer.from(data)
    changed[i] = (changed[i] ?? 0) ^ 1
    expect(() => open(key, `~1:${key.id}:${changed.toString('base64')}`, ABOUT)).toThrow('was changed')
  }
  for (const text of ['', '~', '~1', `~1:${key.id}`, '"a title"', 'null']) expect(() => open(key, text, ABOUT)).toThrow('not encrypted')
  expect(() => open(key, `~1:${key.id}:`, ABOUT)).toThrow('cut off')
  expect(() => open(key, sealed.replace('~1', '~2'), ABOUT)).toThrow('newer version')
})

test('keys for a person open with the key of that person, and only if they come from the named sender', () => {
  const [alice, bob, eve] = [deriveMaster(newWords()), deriveMaster(newWords()), deriveMaster(newWords())]
  const keys = [deriveMaster(ZERO).key, { id: 'second', bytes: Buffer.alloc(32, 7) }]
  const about = ['shared-1', 'alice', 'aaaa11112222', 'bob']
  const sealed = sealFor(publicKeyOf(bob), keys, alice, about)
  expect(openSealed(bob, publicKeyOf(alice), sealed, about)).toEqual(keys)
  expect(() => openSealed(eve, publicKeyOf(alice), sealed, about)).toThrow('was changed')
  expect(() => openSealed(bob, publicKeyOf(eve), sealed, about)).toThrow('was changed')
  expect(() => openSealed(bob, publicKeyOf(alice), sealed, about.with(2, 'bbbb'))).toThrow('was changed')
  expect(() => openSealed(bob, publicKeyOf(alice), 'x.y', about)).toThrow('a public key is invalid')
  expect(() => sealFor('', keys, alice, about)).toThrow('a public key is invalid')
  // A point of low order would make the shared secret known to all.
  expect(() => sealFor(Buffer.alloc(32).toString('base64'), keys, alice, about)).toThrow()
})
