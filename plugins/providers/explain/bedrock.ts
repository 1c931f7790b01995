import type { Api } from '../provider-spec.ts'

/** The failure that each exception of AWS reports. */
const EXCEPTIONS: [exception: RegExp, code: string][] = [
  [/servicequotaexceeded/, 'quota'],
  [/unrecognizedclient|invalidsignature|expiredtoken/, 'key-refused'],
  [/resourcenotfound/, 'no-model'],
  [/throttling/, 'rate-limit'],
  [/accessdenied/, 'forbidden'],
  [/serviceunavailable|modelnotready/, 'overloaded'],
  [/internalserver|modelstreamerror/, 'server'],
]

/** The codes of exceptions that are more precise than the status and the message; any other exception covers several failures. */
const PRECISE = new Set(['quota', 'key-refused', 'no-model'])

/** Explains the exceptions of AWS. */
export const explainBedrock: Api['explain'] = ({ headers, code: own = '' }, code) => {
  const exception = (headers['x-amzn-errortype'] ?? own).toLowerCase()
  const found = EXCEPTIONS.find(([pattern]) => pattern.test(exception))?.[1]
  return found && (code === undefined || PRECISE.has(found)) ? { code: found } : undefined
}
