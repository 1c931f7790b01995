import { type Context, defineCommand, messageOf } from 'ainative-code'
import * as z from 'zod'
import { noLogin } from './fresh-login.ts'
import { openIssuer } from './issuer.ts'
import { withLock } from './lock.ts'
import { revoke } from './revoke.ts'
import { type Settings, settingsOf } from './settings.ts'
import { type Login, readLogin, removeLogin } from './store.ts'

/** The command `auth logout`. */
export const logout = defineCommand({
  name: 'auth logout',
  summary: 'Log out: revoke the login and remove it',
  group: 'Login',
  writes: true,
  fields: ['issuer', 'revoked'],
  input: z.object({}),
  async run(_, context) {
    const { host, signal } = context
    const settings = settingsOf(host)
    return withLock(host, signal, async () => {
      const stored = await readLogin(host, settings)
      if (!stored) throw noLogin(`nobody is logged in at ${settings.issuer}`)
      const revoked = await revokeAt(settings, stored.login, context)
      await removeLogin(host, settings)
      return { issuer: settings.issuer, revoked }
    })
  },
  print: ({ issuer }) => `Logged out at ${issuer}\n`,
})

/** Revokes the login. If this fails, the login is only removed from this machine, and the exit code is 1. */
async function revokeAt(settings: Settings, login: Login, { signal, note, fail }: Context): Promise<boolean> {
  try {
    const isRevoked = await revoke(await openIssuer(settings, signal), login)
    if (!isRevoked) note(`${settings.issuer} cannot revoke logins; the login is removed from this machine`)
    return isRevoked
  } catch (error) {
    signal.throwIfAborted()
    note(`the login was removed from this machine, but not revoked: ${messageOf(error)}`)
    fail()
    return false
  }
}
