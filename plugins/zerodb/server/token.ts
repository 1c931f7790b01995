import { type Host, Problem } from 'ainative-code'
import { accessToken } from '../../auth/index.ts'
import { type Endpoint, placeOf, tlsModeOf } from './endpoint.ts'

/** Returns the endpoint with the access token of the login in place of a password. Throws a Problem where a token must not be sent. */
export async function withToken(host: Host, endpoint: Endpoint, signal = new AbortController().signal): Promise<Endpoint> {
  checkTls(endpoint)
  if (endpoint.password !== undefined)
    throw new Problem('config', `${endpoint.source} has a password, but services.zerodb.auth is token`, {
      hint: `remove the password from ${endpoint.source} and AINATIVE_ZERODB_PASSWORD, or set services.zerodb.auth to password`,
    })
  return { ...endpoint, password: await accessToken(host, signal), isToken: true }
}

/** Requires verified TLS. No setting lowers this requirement, because whoever gets the token can use it. */
function checkTls(endpoint: Endpoint): void {
  const mode = tlsModeOf(endpoint)
  if (mode === 'verify-full') return
  throw new Problem(
    'server-tls',
    `${endpoint.source}: an access token is only sent over verified TLS, and ${placeOf(endpoint)} has sslmode ${mode}`,
    {
      hint: 'use sslmode=verify-full, with sslrootcert=FILE for a private authority; or set services.zerodb.auth to password',
    },
  )
}
