import { type Context, oneLine, Problem } from 'ainative-code'
import { loginOf } from './fresh-login.ts'
import { audienceParameters, type Issuer, loginParameters, pageAddress } from './issuer.ts'
import type { Login } from './store.ts'

/** A longer timer of Node ends after a millisecond. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Logs in with the device flow: the user opens a page on any device and types a code. */
export async function deviceLogin(issuer: Issuer, { signal, note, progress }: Context): Promise<Login> {
  // The device flow has no `prompt` parameter: the user always consents.
  const { prompt: _, ...parameters } = loginParameters(issuer)
  const device = await issuer.call(async ({ initiateDeviceAuthorization }) => {
    const { verification_uri, ...answer } = await initiateDeviceAuthorization(issuer.config, parameters)
    return { ...answer, page: pageAddress(verification_uri), verification_uri }
  })
  note(`Open ${device.page} on any device, and type the code ${oneLine(device.user_code).slice(0, 100)}`)
  progress('waiting for the login …')
  const expired_token = () =>
    new Problem('login-refused', 'the code expired before the login was completed', {
      hint: 'ainative-code auth login --device starts again',
    })
  const end = AbortSignal.timeout(Math.min(device.expires_in * 1000, LONGEST_TIMER_MS))
  try {
    return await issuer.call(
      async ({ pollDeviceAuthorizationGrant }) => {
        const options = { signal: AbortSignal.any([signal, end]) }
        const tokens = await pollDeviceAuthorizationGrant(issuer.config, device, audienceParameters(issuer.settings), options)
        return loginOf(tokens, issuer.settings)
      },
      [device.device_code, device.user_code],
      { expired_token },
    )
  } catch (error) {
    throw end.aborted && !signal.aborted ? expired_token() : error
  } finally {
    progress('')
  }
}

/** True if the issuer has the device flow. */
export const hasDeviceFlow = ({ metadata }: Issuer) => metadata.device_authorization_endpoint !== undefined

/** The Problem of an issuer without the device flow. */
export const noDeviceFlow = ({ settings }: Issuer) =>
  new Problem('no-device-flow', `${settings.issuer} has no device flow`, { hint: 'ainative-code auth login opens the browser' })
