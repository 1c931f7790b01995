import { createGoogleGenerativeAI } from '@ai-sdk/google'
import type { Api } from '../shipped.ts'
import { getJson } from './json.ts'
import { replyOf } from './sdk.ts'

interface Page {
  models?: { name: string; displayName?: string; inputTokenLimit?: number; supportedGenerationMethods?: string[] }[]
  nextPageToken?: string
}

export const api: Api = {
  reply(request, settings, signal) {
    const { api_key: apiKey, base_url: baseURL, headers, options } = settings
    const model = (fetch: typeof globalThis.fetch) => createGoogleGenerativeAI({ apiKey, baseURL, headers, fetch })(request.model)
    // An error inside the stream passes the SDK by.
    const failure = (raw: unknown) => (raw as { error?: unknown } | null)?.error
    const ends = (raw: unknown) => Boolean((raw as { candidates?: { finishReason?: unknown }[] } | null)?.candidates?.[0]?.finishReason)
    return replyOf(model, request, settings, signal, { options: { google: options } as never, failure, ends })
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
}
