import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { Api } from '../shipped.ts'
import { streamed } from '../streamed.ts'
import { listOpenAi } from './openai-models.ts'
import { replyOf } from './sdk.ts'

export const api: Api = {
  reply(request, settings, signal) {
    const { api_key: apiKey, base_url: baseURL, headers, fetch, options } = settings
    const meta = createOpenAICompatible({ name: 'meta', apiKey, baseURL, headers, includeUsage: true, fetch: streamed(fetch) })
    return replyOf(meta(request.model), request, settings, signal, { options: { meta: options } as never })
  },
  list: (settings, signal) => listOpenAi(`${settings.base_url}/models`, { authorization: `Bearer ${settings.api_key}` }, settings, signal),
}
