import { createOpenAI } from '@ai-sdk/openai'
import type { Api } from '../provider-spec.ts'
import { openaiChat } from '../readers/openai-chat.ts'
import { openaiResponses } from '../readers/openai-responses.ts'
import { listOpenAi } from './openai-models.ts'
import { replyOf, type WebFetch } from './sdk.ts'

/** Matches OpenAI's models that refuse some settings; a gateway may offer these models too. */
const REASONING = /^(o\d|gpt-[5-9])/

/** OpenAI's API. */
export const api: Api = {
  async *reply(request, settings, signal) {
    const { api_key: apiKey, base_url: baseURL, custom, headers, options } = settings
    // Few other servers have the newer of OpenAI's two APIs, the Responses API.
    if (custom && !REASONING.test(request.model)) {
      const { replyCompatible } = await import('./compatible.ts')
      return yield* replyCompatible('openai', request, settings, signal)
    }
    const model = (fetch: WebFetch) => {
      const openai = createOpenAI({ apiKey, baseURL, headers, fetch })
      return custom ? openai.chat(request.model) : openai.responses(request.model)
    }
    const own = { store: custom ? undefined : false, ...options }
    yield* replyOf(model, request, settings, signal, {
      options: { openai: own } as never,
      makeReader: custom ? openaiChat : openaiResponses,
    })
  },
  list: (settings, signal) => listOpenAi(`${settings.base_url}/models`, { authorization: `Bearer ${settings.api_key}` }, settings, signal),
}
