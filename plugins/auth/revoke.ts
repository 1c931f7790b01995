import type { Issuer } from './issuer.ts'
import type { Login } from './store.ts'

/** Revokes the tokens of a login at the issuer. Returns false if the issuer cannot revoke tokens. Rejects if the issuer refuses. */
export async function revoke(issuer: Issuer, { access_token, refresh_token }: Login): Promise<boolean> {
  if (!issuer.metadata.revocation_endpoint) return false
  const secrets = [access_token, refresh_token]
  const revokeToken = (token: string, type: string) =>
    issuer.call((oidc) => oidc.tokenRevocation(issuer.config, token, { token_type_hint: type }), secrets)
  if (refresh_token !== undefined) await revokeToken(refresh_token, 'refresh_token')
  try {
    await revokeToken(access_token, 'access_token')
  } catch (error) {
    // Some issuers only revoke refresh tokens. Without a refresh token, the access token is the whole login.
    if (refresh_token === undefined) throw error
  }
  return true
}
