import { createAzure } from '@ai-sdk/azure'
import { type Model, Problem } from 'ainative-code'
import type { Api, Settings } from '../shipped.ts'
import { listOpenAi } from './openai-models.ts'
import { refusalIn } from './refusal.ts'
import { replyOf } from './sdk.ts'

/** Where an endpoint's API is, however much of its path was given. */
function rootOf({ base_url }: Settings): string {
  if (base_url) return `${base_url.replace(/\/openai(\/v1)?$/, '')}/openai`
  throw new Problem('config', 'azure needs the endpoint of your resource, and there is none', {
    hint: 'set AZURE_OPENAI_ENDPOINT, or llm.azure.endpoint in the config, to a URL such as https://NAME.openai.azure.com',
  })
}

/** A dated version belongs to the older API, with the deployment in its path. */
const datedVersion = ({ own }: Settings) => (/^\d{4}-/.test(String(own.api_version ?? '')) ? String(own.api_version) : undefined)

export const api: Api = {
  reply(request, settings, signal) {
    const { api_key: apiKey, headers, options } = settings
    const dated = datedVersion(settings)
    const root = rootOf(settings)
    const model = (fetch: typeof globalThis.fetch) => {
      const shared = { apiKey, headers, fetch }
      if (!dated) return createAzure({ ...shared, baseURL: `${root}/v1` }).responses(request.model)
      return createAzure({ ...shared, baseURL: root, apiVersion: dated, useDeploymentBasedUrls: true }).chat(request.model)
    }
    const given = dated ? options : { store: false, ...options }
    return replyOf(model, request, settings, signal, { options: { azure: given, openai: given } as never, refusal: refusalIn, apart: true })
  },
  list(settings, signal): AsyncIterable<Model> {
    return listOpenAi(`${rootOf(settings)}/v1/models`, { 'api-key': settings.api_key }, settings, signal)
  },
}
