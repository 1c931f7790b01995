import { createOpenAI } from '@ai-sdk/openai'
import type { Api } from '../shipped.ts'
import { streamed } from '../streamed.ts'
import { listOpenAi } from './openai-models.ts'
import { replyOf } from './sdk.ts'

export const api: Api = {
  reply(request, settings, signal) {
    const { api_key: apiKey, base_url: baseURL, custom, headers, fetch, options } = settings
    const openai = createOpenAI({ apiKey, baseURL, headers, fetch: streamed(fetch) })
    // Few servers beside OpenAI's own know the newer of its two APIs.
    const model = custom ? openai.chat(request.model) : openai.responses(request.model)
    return replyOf(model, request, settings, signal, { options: { openai: { store: custom ? undefined : false, ...options } } as never })
  },
  list: (settings, signal) => listOpenAi(`${settings.base_url}/models`, { authorization: `Bearer ${settings.api_key}` }, settings, signal),
}
