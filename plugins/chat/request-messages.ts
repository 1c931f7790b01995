import type { ChatRequest, Said } from 'ainative-code'

/**
 * What of a conversation is sent: the system text that was given last, then what was said, at most the last messages. What tools
 * answered goes with the user's side, since the calls that it answers cannot be made again.
 */
export function requestMessages(messages: readonly Said[], last = Number.POSITIVE_INFINITY): ChatRequest['messages'] {
  // No provider takes an empty text.
  const some = messages.filter((message, at) => message.content.trim() !== '' && !isLeft(messages, at))
  // One that is blank clears those before.
  const system = messages.slice(...lastRun(messages)).flatMap(({ content }) => (content.trim() && content) || [])
  const said = some.filter(({ role }) => role !== 'system').slice(-last)
  const first = said.findIndex(({ role }) => role !== 'assistant')
  return [
    ...(system.length > 0 ? [{ role: 'system' as const, content: system.join('\n\n') }] : []),
    ...said.slice(first).map(({ role, content }) => ({ role: role === 'assistant' ? role : ('user' as const), content })),
  ]
}

/** Whether it is what came of a reply, and another was given instead: a whole one before it or after, or one that came later. */
function isLeft(messages: readonly Said[], at: number): boolean {
  if (messages[at]?.role !== 'assistant' || messages[at].state !== 'partial') return false
  let first = at
  while (messages[first - 1]?.role === 'assistant') first--
  for (let i = first; messages[i]?.role === 'assistant'; i++) if (i > at || messages[i]?.state !== 'partial') return true
  return false
}

/** Where the last system messages in a row begin and end. */
function lastRun(messages: readonly Said[]): [number, number] {
  const end = messages.findLastIndex(({ role }) => role === 'system') + 1
  let begin = end
  while (begin > 0 && messages[begin - 1]?.role === 'system') begin--
  return [begin, end]
}
