import { type Host, messageOf } from 'ainative-code'
import { type Keyring, openKeyring } from './keyring.ts'

/** As long as a login with its tokens, because some keyrings refuse long secrets. */
const TEST_SECRET = 'test '.repeat(1000)

/** Opens the keyring, and writes, reads and deletes an entry. Returns the reason as a text if one of these fails. */
export async function testedKeyring(host: Host, signal: AbortSignal): Promise<Keyring | string> {
  try {
    const keyring = openKeyring(host, signal)
    // The name differs for each process, so that two tests at the same time do not delete each other's entry.
    const name = `test ${process.pid}`
    await keyring.set(name, TEST_SECRET)
    const secret = await keyring.get(name)
    await keyring.remove(name)
    return secret === TEST_SECRET ? keyring : 'the keyring does not work: it lost an entry'
  } catch (error) {
    signal.throwIfAborted()
    return messageOf(error)
  }
}
