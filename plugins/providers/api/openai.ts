import { createOpenAI } from '@ai-sdk/openai'
import type { Api } from '../shipped.ts'
import { openaiChat } from '../wires/openai-chat.ts'
import { openaiResponses } from '../wires/openai-responses.ts'
import { listOpenAi } from './openai-models.ts'
import { replyOf, type WebFetch } from './sdk.ts'

export const api: Api = {
  reply(request, settings, signal) {
    const { api_key: apiKey, base_url: baseURL, custom, headers, options } = settings
    const model = (fetch: WebFetch) => {
      const openai = createOpenAI({ apiKey, baseURL, headers, fetch })
      // Few servers beside OpenAI's own know the newer of its two APIs.
      return custom ? openai.chat(request.model) : openai.responses(request.model)
    }
    const given = { store: custom ? undefined : false, ...options }
    return replyOf(model, request, settings, signal, { options: { openai: given } as never, wire: custom ? openaiChat : openaiResponses })
  },
  list: (settings, signal) => listOpenAi(`${settings.base_url}/models`, { authorization: `Bearer ${settings.api_key}` }, settings, signal),
}
