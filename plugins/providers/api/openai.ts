import { createOpenAI } from '@ai-sdk/openai'
import type { Api } from '../shipped.ts'
import { listOpenAi } from './openai-models.ts'
import { refusalIn } from './refusal.ts'
import { replyOf } from './sdk.ts'

export const api: Api = {
  reply(request, settings, signal) {
    const { api_key: apiKey, base_url: baseURL, custom, headers, options } = settings
    const model = (fetch: typeof globalThis.fetch) => {
      const openai = createOpenAI({ apiKey, baseURL, headers, fetch })
      // Few servers beside OpenAI's own know the newer of its two APIs.
      return custom ? openai.chat(request.model) : openai.responses(request.model)
    }
    const given = { store: custom ? undefined : false, ...options }
    return replyOf(model, request, settings, signal, { options: { openai: given } as never, refusal: refusalIn, apart: true })
  },
  list: (settings, signal) => listOpenAi(`${settings.base_url}/models`, { authorization: `Bearer ${settings.api_key}` }, settings, signal),
}
