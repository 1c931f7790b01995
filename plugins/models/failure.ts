import { type Explanation, messageOf, Problem, type ProblemCode, type Provider } from 'ainative-code'
import { FAILURE_RULES } from './failure-rules.ts'
import { type ReadError, readError } from './provider-error.ts'
import { retryAfter } from './retry-after.ts'

/** A failure of a provider: its Problem, and whether the request is retried. */
export interface Failure {
  problem: Problem
  /** The reason in the note about a retry; absent for a failure that is not retried. */
  retry?: string
  /** Milliseconds until the provider accepts requests again, if the provider reports this time. */
  wait?: number
}

type Explainer = Pick<Provider, 'name' | 'explain'>

/** Describes the failure of a provider. The provider's own explanation takes precedence over the general rules. */
export async function failureOf(error: unknown, provider: Explainer): Promise<Failure> {
  const own = ownProblem(error)
  if (own) return { problem: own }
  const read = readError(error)
  const general = FAILURE_RULES.find(({ matches }) => matches(read))
  const { name } = provider
  const { code, hint, wait: asked, addressKey = `llm.${name}.base_url` } = await explanationOf(read, general?.code, provider)
  const rule = (code && FAILURE_RULES.find((each) => each.code === code)) || general
  const wait = rule?.retry ? (retryAfter(read.headers) ?? asked) : undefined
  const shown = { ...read, message: shownMessage(read) }
  const refusal = read.status ? `${name} refused the request (${read.status}): ${shown.message}` : `${name} failed: ${shown.message}`
  const problem = new Problem((code as ProblemCode | undefined) ?? rule?.code ?? 'provider', rule?.message(name, shown) ?? refusal, {
    hint: wait
      ? `try again in ${Math.ceil(wait / 1000)} s`
      : (hint ?? rule?.hint?.(name, shown, addressKey) ?? `ainative-code provider test ${name} makes the smallest request to ${name}`),
    cause: error,
  })
  return { problem, retry: rule?.retry, wait }
}

function shownMessage({ message, proxy }: ReadError): string {
  const text = message.replace(/\s+/g, ' ').trim().slice(0, 500) || 'no reason given'
  return proxy ? `${text}, by the proxy ${proxy}` : text
}

/** The valid parts of the provider's explanation. If `explain` throws, the result is empty, so that the original error is shown. */
async function explanationOf(error: ReadError, general: string | undefined, provider: Explainer): Promise<Explanation> {
  try {
    // The provider cannot explain the failure of a proxy.
    if (error.proxy) return {}
    const { code, hint, addressKey, wait } = Object(await provider.explain?.(error, general)) as Record<string, unknown>
    const isWait = typeof wait === 'number' && Number.isFinite(wait) && wait >= 0
    return { code: textOf(code), hint: textOf(hint), addressKey: textOf(addressKey), ...(isWait && { wait }) }
  } catch {
    return {}
  }
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

/** Returns the error if it is a Problem to show unchanged. If a plugin only passed an error on, the failure rules have a better message. */
function ownProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Problem)) return undefined
  if (error.code !== 'plugin' || error.cause === undefined) return error
  const { status, code, message } = readError(error.cause)
  const isPlain = status === undefined && code === undefined && message === messageOf(error.cause)
  const isKnown = FAILURE_RULES.some(({ matches }) => matches({ headers: {}, message }))
  return isPlain && !isKnown ? error : undefined
}
