import { defineCommand } from 'ainative-code'
import * as z from 'zod'
import { freshLogin } from './fresh-login.ts'

/** The command `auth token`. */
export const token = defineCommand({
  name: 'auth token',
  summary: 'Print the access token, for scripts',
  group: 'Login',
  writes: false,
  input: z.object({}),
  examples: ['curl -H "Authorization: Bearer $(ainative-code auth token)" https://api.example.com'],
  async run(_, { host, signal }) {
    const { access_token, expires_at } = (await freshLogin(host, signal)).login
    return { access_token, expires_at: expires_at === undefined ? null : new Date(expires_at).toISOString() }
  },
  print: ({ access_token }) => `${access_token}\n`,
})
