import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { logIn, openOidc, useIssuer } from '../helpers/oidc.ts'

test('try', async () => {
  const issuer = await openOidc()
  const home = makeHome()
  useIssuer(home, issuer.url)
  console.log(await logIn(home))
  console.log(home.read('.local/state/ainative-code/logins.json'))
  for (const name of ['status', 'whoami', 'token']) console.log(name, await home.run('auth', name), await home.run('auth', name, '--json'))
  console.log(await home.run('auth', 'logout'), await home.run('auth', 'status'))
  console.log(issuer.tokenRequests.map(String))
})
