import { type Context, defineCommand, messageOf, oneLine } from 'ainative-code'
import * as z from 'zod'
import { freshLogin } from './fresh-login.ts'
import { type Issuer, openIssuer } from './issuer.ts'
import { settingsOf } from './settings.ts'
import type { Login } from './store.ts'

/** The user, as described by the issuer. */
interface User {
  issuer: string
  subject?: string
  name?: string
  email?: string
}

/** The command `auth whoami`. */
export const whoami = defineCommand({
  name: 'auth whoami',
  summary: 'Ask the issuer who is logged in',
  group: 'Login',
  writes: false,
  input: z.object({}),
  async run(_, context): Promise<User> {
    const { host, signal } = context
    const { login } = await freshLogin(host, signal)
    return userOf(await openIssuer(settingsOf(host), signal), login, context)
  },
  print: ({ name, email, subject }) => `${oneLine(name || email || subject || 'a user without a name')}\n`,
})

/** Returns the user from the userinfo endpoint of the issuer, or else from the ID token of the login. */
async function userOf({ settings, config, metadata, call }: Issuer, login: Login, { note }: Context): Promise<User> {
  const { subject, name, access_token } = login
  const known: User = { issuer: settings.issuer, subject, name }
  if (!metadata.userinfo_endpoint || subject === undefined) return known
  try {
    const user = await call((oidc) => oidc.fetchUserInfo(config, access_token, subject), [access_token])
    return { ...known, name: user.preferred_username ?? user.name ?? name, email: user.email }
  } catch (error) {
    // A token whose audience is another server is often not valid at the issuer.
    note(`the issuer did not answer; showing the user of the stored login: ${messageOf(error)}`)
    return known
  }
}
