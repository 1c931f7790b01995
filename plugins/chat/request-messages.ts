import type { ChatRequest, ModelMessage } from 'ainative-code'

/**
 * The messages that a request sends: the last system prompt, then at most the `last` messages of the conversation. Results of tools are
 * sent as user messages, because a request cannot repeat the calls.
 */
export function requestMessages(messages: readonly ModelMessage[], last = Number.POSITIVE_INFINITY): ChatRequest['messages'] {
  // No provider accepts a blank message.
  const filled = messages.filter((message, at) => message.content.trim() !== '' && !isSuperseded(messages, at))
  const system = systemPrompt(messages)
  const sent = filled.filter(({ role }) => role !== 'system').slice(-last)
  const first = sent.findIndex(({ role }) => role !== 'assistant')
  return [
    ...(system ? [{ role: 'system' as const, content: system }] : []),
    ...sent.slice(first).map(({ role, content }) => ({ role: role === 'assistant' ? role : ('user' as const), content })),
  ]
}

/** True for a partial reply if there is a whole reply, or a later reply, to the same message. */
function isSuperseded(messages: readonly ModelMessage[], at: number): boolean {
  if (messages[at]?.role !== 'assistant' || messages[at].state !== 'partial') return false
  let first = at
  while (messages[first - 1]?.role === 'assistant') first--
  for (let i = first; messages[i]?.role === 'assistant'; i++) if (i > at || messages[i]?.state !== 'partial') return true
  return false
}

/** Joins the last consecutive system messages. A blank message adds nothing; if all are blank, there is no system prompt. */
function systemPrompt(messages: readonly ModelMessage[]): string {
  const end = messages.findLastIndex(({ role }) => role === 'system') + 1
  let start = end
  while (start > 0 && messages[start - 1]?.role === 'system') start--
  return messages
    .slice(start, end)
    .map(({ content }) => content)
    .filter((content) => content.trim() !== '')
    .join('\n\n')
}
