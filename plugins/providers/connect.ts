import { type ChatChunk, type ChatRequest, type Host, type Model, Problem } from 'ainative-code'
import { settingsOf } from './settings.ts'
import type { Api, Settings, Shipped } from './shipped.ts'

async function open(host: Host, shipped: Shipped): Promise<{ api: Api; settings: Settings }> {
  const [{ api }, settings] = await Promise.all([shipped.load(), settingsOf(host, shipped)])
  return { api, settings }
}

/** Asks a provider's API; what it throws does not hold the key. */
export async function* reply(host: Host, shipped: Shipped, request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatChunk> {
  const { api, settings } = await open(host, shipped)
  const model = request.model ?? (await modelOf(shipped, api, settings, signal))
  yield* withoutKey(api.reply({ ...request, model }, settings, signal), settings)
}

/** The models that its API offers now. */
export async function* list(host: Host, shipped: Shipped, signal: AbortSignal): AsyncIterable<Model> {
  const { api, settings } = await open(host, shipped)
  yield* withoutKey(api.list(settings, signal), settings)
}

/** The model of a chat that names none. */
export async function defaultModel(host: Host, shipped: Shipped, signal: AbortSignal): Promise<string> {
  const { api, settings } = await open(host, shipped)
  return modelOf(shipped, api, settings, signal)
}

async function modelOf(shipped: Shipped, api: Api, settings: Settings, signal: AbortSignal): Promise<string> {
  const model = settings.model ?? (await api.defaultModel?.(settings, signal))
  if (model) return model
  const { name } = shipped
  throw new Problem('no-model', `${name} needs a model, and none is named`, {
    hint: `give --model, or set llm.${name}.model in the config; ainative-code models ${name} lists them`,
    exit: 2,
  })
}

/** A server may put a request's headers into its answer. */
async function* withoutKey<T>(stream: AsyncIterable<T>, { api_key, headers }: Settings): AsyncIterable<T> {
  try {
    yield* stream
  } catch (error) {
    const secrets = [api_key, ...Object.values(headers)].filter((text) => text.length > 5)
    throw secrets.length > 0 ? clean(error, secrets, 3) : error
  }
}

/** The same error with the secrets in its texts replaced, and in those of its cause. */
function clean(error: unknown, secrets: string[], deep: number): unknown {
  const hide = (text: string) => secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text)
  if (typeof error === 'string') return hide(error)
  if (typeof error !== 'object' || error === null || deep === 0) return error
  for (const key of Object.getOwnPropertyNames(error)) {
    const value: unknown = Reflect.get(error, key)
    if (typeof value === 'string' || typeof value === 'object') Reflect.set(error, key, clean(value, secrets, deep - 1))
  }
  return error
}
