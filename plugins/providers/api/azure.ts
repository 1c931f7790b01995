import { createAzure } from '@ai-sdk/azure'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { type Model, Problem } from 'ainative-code'
import { ENDPOINT_FORMS } from '../azure-endpoint.ts'
import { explainAzure } from '../explain/azure.ts'
import type { Api, Settings } from '../provider-spec.ts'
import { openaiChat } from '../readers/openai-chat.ts'
import { openaiResponses } from '../readers/openai-responses.ts'
import { listOpenAi } from './openai-models.ts'
import { replyOf, type WebFetch } from './sdk.ts'

/** The version of the model inference API if the endpoint names none. */
const MODELS_VERSION = '2024-05-01-preview'

function resourceOf({ base_url }: Settings): string {
  if (base_url) return base_url
  throw new Problem('config', 'azure needs the endpoint of a resource, and none is set', { hint: ENDPOINT_FORMS })
}

/** The URL of a request, and the API of its body. */
interface Route {
  url: string
  api: 'chat' | 'responses'
}

function routeOf(settings: Settings, model: string): Route {
  const { api_version = '', route } = settings.own
  const root = `${resourceOf(settings)}/openai`
  const version = encodeURIComponent(String(api_version))
  // A dated version belongs to the older API, where the deployment is part of the path.
  if (/^\d{4}-/.test(version)) {
    if (route === 'responses') return { url: `${root}/responses?api-version=${version}`, api: 'responses' }
    const deployment = `${root}/deployments/${encodeURIComponent(model)}`
    if (route === 'deployments/responses') return { url: `${deployment}/responses?api-version=${version}`, api: 'responses' }
    return { url: `${deployment}/chat/completions?api-version=${version}`, api: 'chat' }
  }
  const query = version && version !== 'v1' ? `?api-version=${version}` : ''
  if (route === 'chat/completions') return { url: `${root}/v1/chat/completions${query}`, api: 'chat' }
  return { url: `${root}/v1/responses${query}`, api: 'responses' }
}

/** A model of the model inference API, which is compatible with OpenAI's. */
function inferenceModel(settings: Settings, model: string, fetch: WebFetch) {
  const version = String(settings.own.api_version ?? MODELS_VERSION)
  return createOpenAICompatible({
    name: 'azure',
    baseURL: `${resourceOf(settings)}/models`,
    queryParams: { 'api-version': version },
    // Without this header the API refuses unknown fields, such as the one that requests token counts.
    headers: { 'api-key': settings.api_key, 'extra-parameters': 'pass-through', ...settings.headers },
    includeUsage: true,
    fetch,
  })(model)
}

/** Azure's API. */
export const api: Api = {
  reply(request, settings, signal) {
    const { api_key: apiKey, headers, options, own } = settings
    const infers = own.route === 'models'
    const { url, api } = routeOf(settings, request.model)
    const model = (fetch: WebFetch) => {
      if (infers) return inferenceModel(settings, request.model, fetch)
      // The SDK's own URL depends on the host.
      const azure = createAzure({ baseURL: url, apiKey, headers, fetch: (_, init) => fetch(url, init) })
      return api === 'chat' ? azure.chat(request.model) : azure.responses(request.model)
    }
    const isChat = infers || api === 'chat'
    const sent = isChat ? options : { store: false, ...options }
    const makeReader = isChat ? openaiChat : openaiResponses
    return replyOf(model, request, settings, signal, { options: { azure: sent, openai: sent } as never, makeReader })
  },
  list(settings, signal): AsyncIterable<Model> {
    return listOpenAi(`${resourceOf(settings)}/openai/v1/models`, { 'api-key': settings.api_key }, settings, signal)
  },
  explain: explainAzure,
}
