import { type Host, messageOf } from 'ainative-code'
import { type Keyring, openKeyring } from './keyring.ts'

/** As large as a login with its tokens: some keyrings refuse long secrets. */
const TEST_SECRET = 'test '.repeat(1000)

/** How long the keyring may take, in milliseconds. The user may have to type the password of the keyring into a window. */
const TIMEOUT_MS = 60_000

/** Opens the keyring, and writes, reads and deletes an entry. Returns the reason as a text if one of these fails. */
export async function testedKeyring(host: Pick<Host, 'env'>, signal: AbortSignal): Promise<Keyring | string> {
  try {
    const keyring = openKeyring(host)
    await inTime(testKeyring(keyring), signal)
    return keyring
  } catch (error) {
    signal.throwIfAborted()
    return messageOf(error)
  }
}

async function testKeyring(keyring: Keyring): Promise<void> {
  // Two tests at once must not delete the entry of each other.
  const name = `test ${process.pid}`
  await keyring.set(name, TEST_SECRET)
  const secret = await keyring.get(name)
  await keyring.remove(name)
  if (secret !== TEST_SECRET) throw new Error('the keyring does not work: it lost an entry')
}

/** Rejects if the work takes too long, or at an abort. A call of the addon itself cannot be ended. */
function inTime(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error(`the keyring does not work: no answer in ${TIMEOUT_MS / 1000} s`))
    const timer = setTimeout(end, TIMEOUT_MS)
    signal.addEventListener('abort', end)
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
    })
  })
}
