import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { explainGemini } from '../explain/gemini.ts'
import type { Api } from '../provider-spec.ts'
import { gemini } from '../readers/gemini.ts'
import { getJson } from './json.ts'
import { replyOf, type WebFetch } from './sdk.ts'

interface Page {
  models?: { name: string; displayName?: string; inputTokenLimit?: number; supportedGenerationMethods?: string[] }[]
  nextPageToken?: string
}

/** Gemini's API. */
export const api: Api = {
  reply(request, settings, signal) {
    const { api_key: apiKey, base_url: baseURL, headers, options } = settings
    const model = (fetch: WebFetch) => createGoogleGenerativeAI({ apiKey, baseURL, headers, fetch })(request.model)
    return replyOf(model, request, settings, signal, { options: { google: options } as never, makeReader: gemini })
  },
  async *list(settings, signal) {
    for (let token = ''; ; ) {
      const url = `${settings.base_url}/models?pageSize=1000${token && `&pageToken=${encodeURIComponent(token)}`}`
      const page = await getJson<Page>(url, { 'x-goog-api-key': settings.api_key }, settings, signal)
      for (const { name, displayName, inputTokenLimit: context, supportedGenerationMethods: methods } of page.models ?? []) {
        if (methods && !methods.includes('generateContent')) continue
        yield { id: name.replace(/^models\//, ''), name: displayName, context }
      }
      if (!page.nextPageToken || page.nextPageToken === token) return
      token = page.nextPageToken
    }
  },
  explain: explainGemini,
}
