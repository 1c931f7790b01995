import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { Api } from '../shipped.ts'
import { openaiChat } from '../wires/openai-chat.ts'
import { listOpenAi } from './openai-models.ts'
import { replyOf, type WebFetch } from './sdk.ts'

export const api: Api = {
  reply(request, settings, signal) {
    const { api_key: apiKey, base_url: baseURL, headers, options } = settings
    const model = (fetch: WebFetch) =>
      createOpenAICompatible({ name: 'meta', apiKey, baseURL, headers, includeUsage: true, fetch })(request.model)
    return replyOf(model, request, settings, signal, { options: { meta: options } as never, wire: openaiChat })
  },
  list: (settings, signal) => listOpenAi(`${settings.base_url}/models`, { authorization: `Bearer ${settings.api_key}` }, settings, signal),
}
