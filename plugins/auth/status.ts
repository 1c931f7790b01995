import { defineCommand, localTime, oneLine } from 'ainative-code'
import * as z from 'zod'
import { type LoginFields, loginFields, userText } from './login-fields.ts'
import { settingsOf } from './settings.ts'
import { readLogin } from './store.ts'

/** The command `auth status`. */
export const status = defineCommand({
  name: 'auth status',
  summary: 'Show whether you are logged in, without asking the issuer',
  group: 'Login',
  writes: false,
  input: z.object({}),
  async run(_, { host, fail }): Promise<LoginFields> {
    const settings = settingsOf(host)
    const fields = loginFields(settings, await readLogin(host, settings))
    if (!fields.logged_in) fail()
    return fields
  },
  print: (fields) =>
    linesOf(fields)
      .map((line) => `${line}\n`)
      .join(''),
})

function linesOf(fields: LoginFields): string[] {
  const { issuer, client_id, logged_in, scopes, expires_at, refreshable, storage } = fields
  const user = userText(fields)
  const head = [`Issuer: ${issuer}`, `Client: ${client_id}`]
  if (!storage) return [...head, 'Not logged in']
  const after = refreshable ? ', then refreshed' : ''
  return [
    ...head,
    `Logged in: ${logged_in ? 'yes' : 'no, the login has expired'}`,
    ...(user ? [`User: ${user}`] : []),
    ...(scopes ? [`Scopes: ${oneLine(scopes.join(' '))}`] : []),
    ...(expires_at ? [`Access token: valid until ${localTime(expires_at)}${after}`] : []),
    `Stored in: ${storage}`,
  ]
}
