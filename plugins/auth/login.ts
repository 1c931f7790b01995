import { type Context, defineCommand, flag, type Host } from 'ainative-code'
import * as z from 'zod'
import { type Keyring, testedKeyring } from '../keyring/index.ts'
import { browserLogin } from './browser-login.ts'
import { deviceLogin, hasDeviceFlow, noDeviceFlow } from './device-login.ts'
import { type Issuer, openIssuer } from './issuer.ts'
import { withLock } from './lock.ts'
import { type LoginFields, loginFields, userText } from './login-fields.ts'
import { revoke } from './revoke.ts'
import { settingsOf } from './settings.ts'
import { type Login, loginFile, saveLogin, testLoginFile } from './store.ts'

/** The command `auth login`. */
export const login = defineCommand({
  name: 'auth login',
  summary: 'Log in at your issuer, with the browser or a code',
  group: 'Login',
  writes: true,
  fields: ['issuer', 'client_id', 'logged_in', 'subject', 'name', 'scopes', 'expires_at', 'refreshable', 'storage'],
  input: z.object({ device: flag('Show a code to type on another device, and open no browser') }),
  examples: ['ainative-code auth login', 'ainative-code auth login --device'],
  async run({ device }, context): Promise<LoginFields> {
    const { host, signal, note } = context
    const settings = settingsOf(host)
    // Test the storage before the login, so that the tokens can be stored.
    const keyring = await testStorage(context)
    const issuer = await openIssuer(settings, signal)
    const found = await logIn(issuer, device, context)
    if (signal.aborted) await revoke(issuer, found).catch(() => undefined)
    signal.throwIfAborted()
    const place = await withLock(host, signal, () => saveLogin(host, settings, found, keyring))
    if (keyring && place !== 'keyring') note(`the keyring refused the login, which is stored in ${place}`)
    return loginFields(settings, { login: found, place })
  },
  print(fields) {
    const user = userText(fields)
    return `Logged in at ${fields.issuer}${user && ` as ${user}`}\nStored in ${placeText(fields.storage)}\n`
  },
})

const placeText = (place: string | undefined) => (place === 'keyring' ? 'the keyring' : `${place}, which only you can read`)

/** Tests the keyring and the file. Returns undefined if there is no keyring. */
async function testStorage({ host, signal, note }: Context): Promise<Keyring | undefined> {
  const keyring = await testedKeyring(host, signal)
  // The file lists the logins that are in the keyring.
  testLoginFile(host)
  if (typeof keyring !== 'string') return keyring
  note(`${keyring}; the login will be stored in ${loginFile(host)}, which only you can read`)
  return undefined
}

function logIn(issuer: Issuer, device: boolean, context: Context): Promise<Login> {
  if (device && !hasDeviceFlow(issuer)) throw noDeviceFlow(issuer)
  const usesDevice = device || (hasDeviceFlow(issuer) && !hasBrowser(context.host))
  return usesDevice ? deviceLogin(issuer, context) : browserLogin(issuer, context)
}

/** True if a browser on this machine can be opened and reached: not over SSH, and not without a screen. */
function hasBrowser({ env }: Host): boolean {
  if (env.SSH_CONNECTION || env.SSH_TTY) return false
  const needsScreen = process.platform === 'linux' || process.platform === 'freebsd'
  return !needsScreen || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.BROWSER)
}
