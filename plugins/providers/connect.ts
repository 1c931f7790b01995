import { type ChatChunk, type ChatRequest, type Host, isSecretName, looksLikeKey, type Model, Problem } from 'ainative-code'
import type { SecretHider } from './hide-secrets.ts'
import type { Api, ProviderSpec, Settings } from './provider-spec.ts'
import { settingsOf } from './settings.ts'

/** A provider's API with the settings of one request. */
export interface Connection {
  spec: ProviderSpec
  api: Api
  settings: Settings
}

/** Reads the settings of a provider, and loads its API. */
export async function connect(host: Host, spec: ProviderSpec): Promise<Connection> {
  const [{ api }, settings] = await Promise.all([spec.load(), settingsOf(host, spec)])
  return { spec, api, settings }
}

/** The calls of a provider; each takes its connection from `open`. */
export const providerCalls = (open: () => Promise<Connection>) => ({
  async *reply(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatChunk> {
    yield* reply(await open(), request, signal)
  },
  async *list(signal: AbortSignal): AsyncIterable<Model> {
    const { api, settings } = await open()
    yield* withoutSecrets(api.list(settings, signal), settings)
  },
  async defaultModel(signal: AbortSignal): Promise<string> {
    const connection = await open()
    try {
      return await modelOf(connection, signal)
    } catch (error) {
      throw (await hiderFor(connection.settings)).value(error)
    }
  },
})

/** Asks the API. Errors and notes do not contain the key; the text of the reply stays as the model wrote it. */
async function* reply(connection: Connection, request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatChunk> {
  const { api, settings } = connection
  const chunks = async function* () {
    const model = request.model ?? (await modelOf(connection, signal))
    yield* api.reply({ ...request, model }, settings, signal)
  }
  for await (const chunk of withoutSecrets(chunks(), settings)) {
    yield chunk.note ? { ...chunk, note: (await hiderFor(settings)).text(chunk.note) } : chunk
  }
}

async function modelOf({ spec, api, settings }: Connection, signal: AbortSignal): Promise<string> {
  const model = settings.model ?? (await api.defaultModel?.(settings, signal))
  if (model) return model
  const { name, modelKey = 'model' } = spec
  throw new Problem('no-model', `${name} needs a model, and none is set`, {
    hint: `add --model, or set llm.${name}.${modelKey} in the config; ainative-code models ${name} lists the models`,
    exit: 2,
  })
}

/** Passes a stream on, and removes secrets from its errors: a server may repeat a request's headers in an error. */
async function* withoutSecrets<T>(stream: AsyncIterable<T>, settings: Settings): AsyncIterable<T> {
  try {
    yield* stream
  } catch (error) {
    throw (await hiderFor(settings)).value(error)
  }
}

/** Creates the SecretHider for the key, and for the secrets of the address, the headers and the proxy. Called at each use, because a request may add secrets. */
async function hiderFor({ api_key, headers, own, secrets }: Settings): Promise<SecretHider> {
  const { createSecretHider } = await import('./hide-secrets.ts')
  const named = Object.entries(headers).flatMap(([name, value]) => {
    const parts = isSecretName(name)
    // A scheme such as Bearer may precede the secret.
    return [value, value.replace(/^\S+\s+/, '')].map((text) => ({ text, parts }))
  })
  // A user may have put an API key into a field such as `region`, which becomes part of a host name.
  const misplaced = Object.values(own).map(String).filter(looksLikeKey)
  return createSecretHider([...[api_key, ...secrets, ...misplaced].map((text) => ({ text, parts: true })), ...named])
}
