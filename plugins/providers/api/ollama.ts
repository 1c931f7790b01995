import { isoTime, messageOf, Problem } from 'ainative-code'
import { type ChatRequest, Ollama } from 'ollama/browser'
import type { Api, Settings } from '../shipped.ts'
import { cutShort } from './sdk.ts'

const open = ({ base_url, headers, api_key, fetch }: Settings, signal: AbortSignal) =>
  new Ollama({
    host: base_url,
    headers: { ...(api_key && { authorization: `Bearer ${api_key}` }), ...headers },
    // Its own signal ends a reply; ours ends whatever is under way.
    fetch: (url, init) => fetch(url, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal }),
  })

/** The model that was pulled last. */
async function newest(settings: Settings, signal: AbortSignal): Promise<string> {
  const { models } = await open(settings, signal).list()
  if (models[0]) return models[0].name
  throw new Problem('no-model', `ollama at ${settings.base_url} has no model`, { hint: 'ollama pull llama3.2 fetches one' })
}

export const api: Api = {
  async *reply({ model, messages, ...request }, settings, signal) {
    const { own, options, max_tokens, temperature, top_p } = settings
    const reply = await open(settings, signal).chat({
      model,
      stream: true,
      messages: messages.map(({ role, content }) => ({ role, content })),
      ...(own.keep_alive !== undefined && { keep_alive: own.keep_alive }),
      options: definedOf({
        num_ctx: own.num_ctx === undefined ? undefined : Number(own.num_ctx),
        num_predict: request.max_tokens ?? max_tokens,
        temperature: request.temperature ?? temperature,
        top_p,
      }),
      ...(options as Partial<ChatRequest>),
    } as ChatRequest & { stream: true })
    for await (const part of whole(reply)) {
      if (part.message?.thinking) yield { reasoning: part.message.thinking }
      if (part.message?.content) yield { text: part.message.content }
      if (!part.done) continue
      yield { model: part.model, finish_reason: part.done_reason, usage: { input: part.prompt_eval_count, output: part.eval_count } }
    }
  },
  async *list(settings, signal) {
    const { models } = await open(settings, signal).list()
    for (const { name: id, modified_at } of models) yield { id, created_at: isoTime(Date.parse(String(modified_at))) }
  },
  defaultModel: newest,
}

/** The same stream; its end before the reply's is that of the connection. */
async function* whole<T>(reply: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* reply
  } catch (error) {
    throw /^Did not receive done/.test(messageOf(error)) ? cutShort() : error
  }
}

const definedOf = (values: Record<string, unknown>) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
