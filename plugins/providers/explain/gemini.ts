import type { Api } from '../provider-spec.ts'

/** Explains the errors of Google's API, which uses the word quota both for the limits per minute and for those of an account. */
export const explainGemini: Api['explain'] = ({ code: own = '', message, body }, code) => {
  if (/api key not valid/i.test(message)) return { code: 'key-refused' }
  if (/prohibited_content/i.test(`${own} ${message}`)) return { code: 'filtered' }
  const wait = retryDelay(body?.details)
  const isQuotaOfMinute = code === 'quota' && (wait !== undefined || /retry in/i.test(message))
  const isExhausted = code === undefined && /resource_exhausted/i.test(own)
  return isQuotaOfMinute || isExhausted ? { code: 'rate-limit', wait } : { wait }
}

/** The milliseconds of a RetryInfo such as `{ retryDelay: '8s' }` among the details of an error. */
function retryDelay(details: unknown): number | undefined {
  const delays = (Array.isArray(details) ? details : []).map((each) => /^(\d+(?:\.\d+)?)s$/.exec(String(Object(each).retryDelay))?.[1])
  const delay = delays.find((each) => each !== undefined)
  return delay === undefined ? undefined : Number(delay) * 1000
}
