import type { Api } from '../provider-spec.ts'
import { replyCompatible } from './compatible.ts'
import { listOpenAi } from './openai-models.ts'

/** Meta's API. */
export const api: Api = {
  reply: (request, settings, signal) => replyCompatible('meta', request, settings, signal),
  list: (settings, signal) => listOpenAi(`${settings.base_url}/models`, { authorization: `Bearer ${settings.api_key}` }, settings, signal),
}
