import type { CustomFetch } from 'openid-client'
import { createFetch, HttpFailure } from '../providers/index.ts'
import { addressMistake } from './settings.ts'

/** The maximum time without data from the issuer, in milliseconds. */
const IDLE_TIMEOUT_MS = 20_000

/** A `fetch` function for openid-client. It uses the HTTP client of the providers, and so the proxy of the environment. */
export interface IssuerFetch {
  fetch: CustomFetch
  /** How far the clock of the last answer is ahead of the clock of this machine, in milliseconds; undefined without an answer. */
  clockDifference(): number | undefined
}

/** Creates a `fetch` function that refuses every address except https, and http on this machine. */
export function createIssuerFetch(signal?: AbortSignal): IssuerFetch {
  let difference: number | undefined
  const send = createFetch(IDLE_TIMEOUT_MS, [])
  return {
    clockDifference: () => difference,
    async fetch(url, { method, headers, body, signal: timeout }) {
      const mistake = addressMistake(url)
      if (mistake) throw new Error(`its metadata contains an unsafe address: ${mistake}`)
      const signals = [signal, timeout].filter((each) => each !== undefined)
      const answer = await answerOf(() => send(url, { method, headers, body: body?.toString(), signal: AbortSignal.any(signals) }))
      const date = Date.parse(answer.headers.get('date') ?? '')
      if (!Number.isNaN(date)) difference = date - Date.now()
      return answer
    },
  }
}

/** Sends a request. Returns the response in the form that openid-client expects, also for a status of failure. */
async function answerOf(send: () => ReturnType<ReturnType<typeof createFetch>>): Promise<Response> {
  try {
    const { status, headers, ...answer } = await send()
    return new Response((await answer.text()) || null, { status, headers })
  } catch (error) {
    if (!(error instanceof HttpFailure) || error.status < 200 || 'code' in error) throw error
    return new Response(error.body || null, { status: error.status, headers: error.headers })
  }
}
