import { type ChatChunk, type ChatRequest, type Host, isSecretName, looksLikeKey, type Model, Problem } from 'ainative-code'
import type { Hider } from './hide-secrets.ts'
import { settingsOf } from './settings.ts'
import type { Api, Settings, Shipped } from './shipped.ts'

async function open(host: Host, shipped: Shipped): Promise<{ api: Api; settings: Settings }> {
  const [{ api }, settings] = await Promise.all([shipped.load(), settingsOf(host, shipped)])
  return { api, settings }
}

/** Asks a provider's API. Errors and notes do not hold the key; the reply's own text stays as the model wrote it. */
export async function* reply(host: Host, shipped: Shipped, request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatChunk> {
  const { api, settings } = await open(host, shipped)
  const asked = async function* () {
    const model = request.model ?? (await modelOf(shipped, api, settings, signal))
    yield* api.reply({ ...request, model }, settings, signal)
  }
  for await (const chunk of withoutSecrets(asked(), settings)) {
    yield chunk.note ? { ...chunk, note: (await hiderFor(settings)).text(chunk.note) } : chunk
  }
}

/** The models that its API offers now. */
export async function* list(host: Host, shipped: Shipped, signal: AbortSignal): AsyncIterable<Model> {
  const { api, settings } = await open(host, shipped)
  yield* withoutSecrets(api.list(settings, signal), settings)
}

/** The model of a chat that names none. */
export async function defaultModel(host: Host, shipped: Shipped, signal: AbortSignal): Promise<string> {
  const { api, settings } = await open(host, shipped)
  try {
    return await modelOf(shipped, api, settings, signal)
  } catch (error) {
    throw (await hiderFor(settings)).value(error)
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

/** The same stream; a server may repeat a request's headers in an error. */
async function* withoutSecrets<T>(stream: AsyncIterable<T>, settings: Settings): AsyncIterable<T> {
  try {
    yield* stream
  } catch (error) {
    throw (await hiderFor(settings)).value(error)
  }
}

/** Hides the key, and what the address, the headers and the proxy hold. Made when it is needed: secrets may be added meanwhile. */
async function hiderFor({ api_key, headers, own, secrets }: Settings): Promise<Hider> {
  const { createHider } = await import('./hide-secrets.ts')
  const named = Object.entries(headers).flatMap(([name, value]) => {
    const parts = isSecretName(name)
    // A scheme such as Bearer may stand before the secret.
    return [value, value.replace(/^\S+\s+/, '')].map((text) => ({ text, parts }))
  })
  // A key in a field such as `region` would be part of a host name.
  const misplaced = Object.values(own).map(String).filter(looksLikeKey)
  return createHider([...[api_key, ...secrets, ...misplaced].map((text) => ({ text, parts: true })), ...named])
}
