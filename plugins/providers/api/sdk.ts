import type { LanguageModelV3, LanguageModelV3Prompt, SharedV3ProviderOptions } from '@ai-sdk/provider'
import { type ChatChunk, Problem } from 'ainative-code'
import type { Answer, Init } from '../fetch.ts'
import type { NamedRequest, Settings } from '../provider-spec.ts'
import { type MakeReader, readReply } from '../readers/read.ts'
import { watchSettings } from './setting-notes.ts'

/** The type of the web's fetch, which the SDKs call. */
export type WebFetch = typeof globalThis.fetch

/** Asks a model. The AI SDK sends the request, and the reader of `makeReader` reads the reply. */
export async function* replyOf(
  create: (fetch: WebFetch) => LanguageModelV3,
  request: NamedRequest,
  settings: Settings,
  signal: AbortSignal,
  { options = {}, makeReader }: { options?: SharedV3ProviderOptions; makeReader: MakeReader },
): AsyncIterable<ChatChunk> {
  const sampling = {
    temperature: request.temperature ?? settings.temperature,
    maxOutputTokens: request.max_tokens ?? settings.max_tokens,
    topP: settings.top_p,
  }
  let answer: Promise<Answer> | undefined
  const fetch = async (url: string, init: RequestInit) => {
    answer = settings.fetch(url, init as Init)
    // A failure is thrown later, after the notes about the request.
    answer.catch(() => undefined)
    return new Response('', { headers: { 'content-type': 'text/event-stream' } })
  }
  const watch = watchSettings(fetch as WebFetch, sampling)
  const call = { ...sampling, prompt: promptOf(request), abortSignal: signal, providerOptions: options }
  const { stream } = await Promise.resolve(create(watch.fetch).doStream(call)).catch((error) => {
    throw optionProblem(error, request.provider) ?? error
  })
  const { value: first } = await stream.getReader().read()
  if (first?.type === 'stream-start') yield* watch.notes(first.warnings)
  if (!answer) throw new Error('the SDK sent no request')
  yield* readReply(await answer, makeReader)
}

/** The Problem for an option that the SDK refuses; it names the config key. */
function optionProblem(error: unknown, provider: string): Problem | undefined {
  const { name, cause } = Object(error) as { name?: string; cause?: { cause?: { issues?: { path: PropertyKey[]; message: string }[] } } }
  const issue = name === 'AI_InvalidArgumentError' ? cause?.cause?.issues?.[0] : undefined
  if (!issue) return undefined
  const key = ['llm', provider, 'options', ...issue.path.map(String)].join('.')
  return new Problem('config', `config ${key}: ${issue.message}`, { hint: 'ainative-code config path names the file', cause: error })
}

const promptOf = ({ messages }: NamedRequest): LanguageModelV3Prompt =>
  messages.map(({ role, content }) => {
    if (role === 'system') return { role, content }
    return { role: role === 'assistant' ? role : 'user', content: [{ type: 'text', text: content }] }
  })
