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
  const asked = async function* () {
    const model = request.model ?? (await modelOf(shipped, api, settings, signal))
    yield* api.reply({ ...request, model }, settings, signal)
  }
  yield* withoutKey(asked(), settings)
}

/** The models that its API offers now. */
export async function* list(host: Host, shipped: Shipped, signal: AbortSignal): AsyncIterable<Model> {
  const { api, settings } = await open(host, shipped)
  yield* withoutKey(api.list(settings, signal), settings)
}

/** The model of a chat that names none. */
export async function defaultModel(host: Host, shipped: Shipped, signal: AbortSignal): Promise<string> {
  const { api, settings } = await open(host, shipped)
  try {
    return await modelOf(shipped, api, settings, signal)
  } catch (error) {
    throw hidden(error, settings)
  }
}

async function modelOf(shipped: Shipped, api: Api, settings: Settings, signal: AbortSignal): Promise<string> {
  const model = settings.model ?? (await api.defaultModel?.(settings, signal))
  if (model) return model
  const { name } = shipped
  throw new Problem('no-model', `${name} needs a model, and none is named`, {
    hint: `give --model, or set llm.${name}.${shipped.modelKey ?? 'model'} in the config; ainative-code models ${name} lists them`,
    exit: 2,
  })
}

/** A server may put a request's headers into its answer. */
async function* withoutKey<T>(stream: AsyncIterable<T>, settings: Settings): AsyncIterable<T> {
  try {
    yield* stream
  } catch (error) {
    throw hidden(error, settings)
  }
}

function hidden(error: unknown, { api_key, headers, secrets }: Settings): unknown {
  // A scheme such as Bearer stands before what is secret in a header.
  const texts = [api_key, ...secrets, ...Object.values(headers).flatMap((value) => [value, value.replace(/^\S+\s+/, '')])]
  const found = texts.filter((text) => text.length > 5)
  return found.length > 0 ? clean(error, found, 3) : error
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
