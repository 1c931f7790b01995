import path from 'node:path'
import { type Host, stateFolder } from 'ainative-code'
import * as z from 'zod'
import { type Keyring, openKeyring, type StoredSecret, storedSecrets } from '../../keyring/index.ts'
import { deriveMaster, type Master } from './master.ts'
import { areWords } from './words.ts'

/** Words with a wrong checksum, as in a damaged file, count as absent. */
const WordsSchema = z.array(z.string()).refine(areWords)
const KeySchema = z.object({
  words: WordsSchema,
  /** The new words of a rotation, until the rotation has reached the server. */
  next: WordsSchema.optional(),
})

/** The words of this device. */
export type StoredKey = z.output<typeof KeySchema>

/** The key of this device. */
export interface DeviceKey {
  /** Derives the master keys from the stored words: none without words; during a rotation the old and then the new key. */
  masters(): Promise<Master[]>
  /** Removes the words of all other master keys from this device. */
  keepOnly(master: Master): Promise<void>
}

const NAME = 'zerodb key'

/** Returns the path of the file that holds the words where there is no keyring. */
export const keyFile = ({ env }: Pick<Host, 'env'>) => path.join(stateFolder(env), 'zerodb-key.json')

const secrets = (host: Host) => storedSecrets(host, keyFile(host), KeySchema)

/** Reads the words of this device, and the place where they are stored. Returns undefined if there are none. */
export const readKey = async (host: Host): Promise<StoredSecret<StoredKey> | undefined> => (await secrets(host)).read(NAME)

/** Stores the words in the keyring, or else in the file. Returns `keyring` or the path of the file. */
export const saveKey = async (host: Host, key: StoredKey, keyring?: Keyring): Promise<string> =>
  (await secrets(host)).save(NAME, key, keyring)

/** Replaces the words at the place where they are stored. */
export async function replaceKey(host: Host, key: StoredKey, place: string): Promise<void> {
  await saveKey(host, key, place === 'keyring' ? await openKeyring(host) : undefined)
}

/** Returns the key of this device. The words are read when they are used. */
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
