import path from 'node:path'
import { type Host, stateFolder } from 'ainative-code'
import * as z from 'zod'
import { type Keyring, openKeyring, type StoredSecret, storedSecrets } from '../../keyring/index.ts'
import { deriveMaster, type Master } from './master.ts'
import { areWords } from './words.ts'

/** A damaged file counts as one without words. */
const WordsSchema = z.array(z.string()).refine(areWords)
const KeySchema = z.object({
  words: WordsSchema,
  /** The words of a rotation that the server does not know yet. */
  next: WordsSchema.optional(),
})

/** The words of this device. */
export type StoredKey = z.output<typeof KeySchema>

/** The key of this device. */
export interface DeviceKey {
  /** What the words stand for: none without words; during a rotation the old and the new ones. */
  masters(): Promise<Master[]>
  /** Forgets the words of every other master. */
  keepOnly(master: Master): Promise<void>
}

const NAME = 'zerodb key'

/** The file of the words where there is no keyring. */
export const keyFile = ({ env }: Pick<Host, 'env'>) => path.join(stateFolder(env), 'zerodb-key.json')

const secrets = (host: Host) => storedSecrets(host, keyFile(host), KeySchema)

/** Reads the words of this device, and where they are stored; undefined if there are none. */
export const readKey = async (host: Host): Promise<StoredSecret<StoredKey> | undefined> => (await secrets(host)).read(NAME)

/** Stores the words in the keyring, or else in the file. Returns the place. */
export const saveKey = async (host: Host, key: StoredKey, keyring?: Keyring): Promise<string> =>
  (await secrets(host)).save(NAME, key, keyring)

/** Replaces the words where they are. */
export async function replaceKey(host: Host, key: StoredKey, place: string): Promise<void> {
  await saveKey(host, key, place === 'keyring' ? await openKeyring(host) : undefined)
}

/** Returns the key of this device, which is read at its first use. */
export const deviceKey = (host: Host): DeviceKey => ({
  async masters() {
    const stored = await readKey(host)
    return stored ? wordsOf(stored.secret).map(deriveMaster) : []
  },
  async keepOnly(master) {
    const stored = await readKey(host)
    const words = stored && wordsOf(stored.secret).find((each) => deriveMaster(each).key.id === master.key.id)
    if (stored?.secret.next && words) await replaceKey(host, { words }, stored.place)
  },
})

const wordsOf = ({ words, next }: StoredKey) => (next ? [words, next] : [words])
