import { definePlugin, type Host } from 'ainative-code'
import * as commands from './command-index.ts'

/**
 * Returns the access token of the current login, and refreshes the token before it expires. Throws a Problem if nobody is logged in or the
 * login has ended.
 */
export const accessToken = async (host: Host, signal: AbortSignal): Promise<string> =>
  (await import('./fresh-login.ts')).accessToken(host, signal)

/** Adds the commands for the login at an OAuth 2.0 or OpenID Connect issuer. */
export default definePlugin({
  name: 'auth',
  requires: ['sqlite', 'keyring', 'providers'],
  configPath: 'platform.authentication',
  // The settings are checked when they are used: a mistake must not prevent commands such as session list.
  blockSchema: async () => (await import('./settings.ts')).SettingsSchema,
  apply({ hooks }) {
    hooks.commands.tap('auth', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
