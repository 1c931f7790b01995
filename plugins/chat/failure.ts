import { messageOf, Problem } from 'ainative-code'
import { KINDS } from './kinds.ts'
import type { Seen } from './seen.ts'

/** A provider's failure: what to tell, and whether another try may help. */
export interface Failure {
  problem: Problem
  /** What it is in a few words, where another try may help. */
  retry?: string
  /** How long the provider wants to be left alone, in milliseconds. */
  wait?: number
}

/** Tells what went wrong with a provider, in words and with what to do about it. */
export function failureOf(error: unknown, name: string): Failure {
  const own = ownProblem(error)
  if (own) return { problem: own }
  const seen = look(error)
  const kind = KINDS.find((each) => each.is(seen))
  const said = { ...seen, says: seen.says.replace(/\s+/g, ' ').trim().slice(0, 500) || 'it does not say why' }
  const message =
    kind?.text(name, said) ?? (seen.status ? `${name} refused the request (${seen.status}): ${said.says}` : `${name} failed: ${said.says}`)
  const wait = kind?.retry ? (waitOf(seen.headers) ?? seen.wait) : undefined
  const problem = new Problem(kind?.code ?? 'provider', message, {
    hint: wait
      ? `it asks to be left alone for ${Math.ceil(wait / 1000)} s`
      : (kind?.hint?.(name, said) ?? `ainative-code provider test ${name} makes the smallest call to it`),
    cause: error,
  })
  return { problem, retry: kind?.retry, wait }
}

/** A Problem of ours, or of a plugin that throws one; what a plugin only let through is looked at. */
function ownProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Problem)) return undefined
  if (error.code !== 'plugin' || error.cause === undefined) return error
  const { status, code, says } = look(error.cause)
  return status === undefined && code === undefined && says === messageOf(error.cause) && !isTelling(says) ? error : undefined
}

const isTelling = (text: string) => KINDS.some((kind) => kind.is({ headers: {}, says: text }))

const MAX_DEPTH = 5

/** Gathers from an error and its causes what they know; the outer ones go first. */
function look(error: unknown, depth = 0): Seen {
  if (typeof error !== 'object' || error === null) return { headers: {}, says: String(error ?? '') }
  const own = error as Record<string, unknown>
  const number = [own.status, own.statusCode, own.originalStatusCode].find((each) => typeof each === 'number') as number | undefined
  const inner = own.error ?? own.cause ?? (own.lastError as unknown)
  const deeper = inner !== undefined && depth < MAX_DEPTH ? look(inner, depth + 1) : undefined
  const body = [own.body, own.responseBody].find((each) => typeof each === 'string') as string | undefined
  const said = body === undefined ? undefined : inBody(body)
  const headers = { ...deeper?.headers, ...headersOf(own.headers ?? own.responseHeaders) }
  const codes = [headers['x-amzn-errortype'], said?.code, own.code, own.type, own.name === 'Error' ? undefined : own.name, deeper?.code]
  const numberIn = typeof own.code === 'number' ? own.code : undefined
  const success = number !== undefined && number >= 200 && number < 300
  return {
    status: (success ? said?.status : undefined) ?? number ?? deeper?.status ?? said?.status ?? numberIn,
    code: codes.find((each) => typeof each === 'string' && each !== 'error' && !GENERIC.test(each)) as string | undefined,
    headers,
    says: said?.says || (own.cause === undefined ? undefined : deeper?.says) || textOf(own) || deeper?.says || '',
    told: said?.told ?? deeper?.told,
    wait: said?.wait ?? deeper?.wait,
  }
}

/** Names that say nothing of what happened. */
const GENERIC = /^(plugin|Problem|AI_APICallError|AI_RetryError|TypeError|HttpFailure|Error|error|DOMException)$/

const textOf = ({ message }: Record<string, unknown>) => (typeof message === 'string' ? message : '')

function headersOf(headers: unknown): Record<string, string> {
  if (typeof headers !== 'object' || headers === null) return {}
  const entries = Symbol.iterator in headers ? [...(headers as Iterable<[string, string]>)] : Object.entries(headers)
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]))
}

/** What a body says: JSON as any of the providers writes it, or the text of a page. */
function inBody(body: string): Pick<Seen, 'code' | 'status' | 'says' | 'told' | 'wait'> {
  try {
    const { error = undefined, ...rest } = [JSON.parse(body)].flat()[0] ?? {}
    const told = typeof error === 'object' && error !== null ? error : { message: error, ...rest }
    const codes = [told.code, told.status, told.type, told.innererror?.code].filter((each) => typeof each === 'string')
    return {
      status: typeof told.code === 'number' && told.code >= 400 && told.code < 600 ? told.code : undefined,
      // The message of a reply is an object.
      told: error !== undefined || [told.message, told.Message].some((each) => typeof each === 'string'),
      says: wordsOf(told.message ?? told.Message ?? (body.trim() === '{}' ? '' : body.slice(0, 300))),
      code: codes.join(' ') || undefined,
      wait: delayIn(told.details),
    }
  } catch {
    const title = /<title>([^<]*)</i.exec(body)?.[1]
    return { says: title ?? body.replace(/<[^>]*>/g, ' ').slice(0, 300) }
  }
}

const wordsOf = (message: unknown) => (typeof message === 'string' ? message : JSON.stringify(message))

/** Google's RetryInfo, such as 8s. */
function delayIn(details: unknown): number | undefined {
  const delays = (Array.isArray(details) ? details : []).map((each) => /^(\d+(?:\.\d+)?)s$/.exec(String(Object(each).retryDelay))?.[1])
  const delay = delays.find((each) => each !== undefined)
  return delay === undefined ? undefined : Number(delay) * 1000
}

/** Of retry-after-ms, or of retry-after in seconds or as a date. */
function waitOf(headers: Record<string, string>): number | undefined {
  const number = (text = '') => (/^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined)
  const ms = number(headers['retry-after-ms'])
  if (ms !== undefined) return ms
  const after = headers['retry-after']
  const seconds = number(after)
  if (seconds !== undefined) return seconds * 1000
  // A date has a month in it.
  const at = /[a-z]{3}/i.test(after ?? '') ? Date.parse(String(after)) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}
