import { isoTime, Problem } from 'ainative-code'
import { type ChatRequest, type ListResponse, Ollama } from 'ollama/browser'
import { explainOllama } from '../explain/ollama.ts'
import { type Answer, HttpFailure, type Init } from '../fetch.ts'
import type { Api, Settings } from '../provider-spec.ts'
import { ollama } from '../readers/ollama.ts'
import { readReply } from '../readers/read.ts'
import { shownUrl } from '../shown-url.ts'

const open = ({ base_url, headers, api_key, fetch }: Settings, signal: AbortSignal) =>
  new Ollama({
    host: base_url,
    headers: { ...(api_key && { authorization: `Bearer ${api_key}` }), ...headers },
    // The client's signal ends a reply; the request's signal ends any call.
    fetch: ((url: string, init?: RequestInit) =>
      fetch(url, {
        ...init,
        signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal,
      } as Init)) as unknown as typeof globalThis.fetch,
  })

async function modelsOf(settings: Settings, signal: AbortSignal) {
  const answer: unknown = await open(settings, signal).list()
  const { models } = Object(answer) as Partial<ListResponse>
  if (Array.isArray(models)) return models
  throw new HttpFailure(200, {}, JSON.stringify(answer))
}

/** The model that was pulled last. */
async function newestModel(settings: Settings, signal: AbortSignal): Promise<string> {
  const [first] = await modelsOf(settings, signal)
  if (first) return first.name
  throw new Problem('no-model', `ollama at ${shownUrl(settings.base_url)} has no model`, { hint: 'ollama pull llama3.2 downloads a model' })
}

/** Ollama's API. */
export const api: Api = {
  async *reply({ model, messages, ...request }, settings, signal) {
    const { own, options, max_tokens, temperature, top_p } = settings
    let answer: Answer | undefined
    const fetch: Settings['fetch'] = async (url, init) => {
      answer = await settings.fetch(url, init)
      return answer
    }
    // The client only sends the request; the reply is read below.
    await open({ ...settings, fetch }, signal).chat({
      model,
      stream: true,
      messages: messages.map(({ role, content }) => ({ role, content })),
      ...(own.keep_alive !== undefined && { keep_alive: own.keep_alive }),
      options: definedOf({
        num_ctx: numberOf('num_ctx', own.num_ctx),
        num_predict: request.max_tokens ?? max_tokens,
        temperature: request.temperature ?? temperature,
        top_p,
      }),
      ...(options as Partial<ChatRequest>),
    } as ChatRequest & { stream: true })
    if (!answer) throw new Error('the client of ollama sent no request')
    yield* readReply(answer, ollama)
  },
  async *list(settings, signal) {
    for (const { name: id, modified_at } of await modelsOf(settings, signal)) {
      const at = Date.parse(String(modified_at))
      yield { id, created_at: Number.isNaN(at) ? undefined : isoTime(at) }
    }
  },
  defaultModel: newestModel,
  explain: explainOllama,
}

function numberOf(key: string, value: string | number | undefined): number | undefined {
  if (value === undefined) return undefined
  if (Number(value) > 0) return Number(value)
  throw new Problem('config', `config llm.ollama.${key}: expected a number above 0`)
}

const definedOf = (values: Record<string, unknown>) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
