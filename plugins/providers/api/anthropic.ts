import { createAnthropic } from '@ai-sdk/anthropic'
import type { Api } from '../provider-spec.ts'
import { anthropic } from '../readers/anthropic.ts'
import { getJson } from './json.ts'
import { replyOf, type WebFetch } from './sdk.ts'

interface Page {
  data: { id: string; display_name?: string; created_at?: string }[]
  has_more?: boolean
  last_id?: string | null
}

/** Anthropic's API. */
export const api: Api = {
  reply(request, settings, signal) {
    const { api_key: apiKey, base_url: baseURL, headers, options } = settings
    const model = (fetch: WebFetch) => createAnthropic({ apiKey, baseURL, headers, fetch })(request.model)
    return replyOf(model, request, settings, signal, { options: { anthropic: options } as never, makeReader: anthropic })
  },
  async *list(settings, signal) {
    const headers = { 'x-api-key': settings.api_key, 'anthropic-version': '2023-06-01' }
    for (let after = ''; ; ) {
      const url = `${settings.base_url}/models?limit=1000${after && `&after_id=${encodeURIComponent(after)}`}`
      const page = await getJson<Page>(url, headers, settings, signal, 'data')
      for (const { id, display_name: name, created_at } of page.data) yield { id, name, created_at }
      if (!page.has_more || !page.last_id || page.last_id === after) return
      after = page.last_id
    }
  },
}
