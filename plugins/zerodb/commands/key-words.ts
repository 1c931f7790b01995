import { type Context, flag, type Host, Problem } from 'ainative-code'
import { testedKeyring } from '../../keyring/index.ts'
import { readKey, saveKey } from '../encryption/key-store.ts'
import { readSettings } from '../settings.ts'

/** The flag that answers the question of a command. */
export const yesFlag = { yes: flag('Skip the confirmation') }

const WORDS_OF_A_LINE = 6

/** Prints words in lines of six. */
export const wordsText = (words: readonly string[]): string =>
  words.map((word, i) => word + ((i + 1) % WORDS_OF_A_LINE === 0 ? '\n' : ' ')).join('')

/** Reads the words of this device. Throws a Problem if there are none. */
export async function requireKey(host: Host) {
  const stored = await readKey(host)
  if (stored) return stored
  throw new Problem('key', 'this device has no key', {
    hint: 'ainative-code zerodb key new creates a key; zerodb key enter reads the words of another device',
  })
}

/** Asks before the words of this device are replaced. Returns true if they may be replaced. */
export async function mayReplace(words: readonly string[] | undefined, yes: boolean, { host, ask }: Context): Promise<boolean> {
  const stored = await readKey(host)
  if (!stored || yes || stored.secret.words.join(' ') === words?.join(' ')) return true
  return ask('Replace the key of this device? Sessions that are encrypted with it can only be read with its 24 words', '--yes')
}

/** Stores words in the keyring, or else in a file, with a note. Returns the place. */
export async function storeWords(words: string[], { host, signal, note }: Context): Promise<string> {
  const keyring = await testedKeyring(host, signal)
  const place = await saveKey(host, { words }, typeof keyring === 'string' ? undefined : keyring)
  if (typeof keyring === 'string' && !host.env.AINATIVE_NO_KEYRING)
    note(`${keyring}; the key is stored in ${place}, which only you can read`)
  return place
}

/** Returns the command to run after the words of a device are stored. */
export const nextStep = (host: Host) =>
  readSettings(host).encryption ? 'ainative-code session sync' : 'ainative-code config set services.zerodb.encryption true'
