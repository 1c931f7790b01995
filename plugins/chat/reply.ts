import {
  type ChatChunk,
  type ChatRequest,
  isoTime,
  type Json,
  type Message,
  type ModelMessage,
  type NewMessage,
  newMessageId,
  type Piece,
  Problem,
} from 'ainative-code'

/** Collects the chunks of a reply. */
export function createReply({ provider, model: requested }: ChatRequest) {
  const start = Date.now()
  const id = newMessageId()
  const content = { text: '', reasoning: '', parts: [] as Json[] }
  const known: ChatChunk = {}
  let first: number | undefined
  return {
    /** True if the reply has content that can be stored. */
    hasContent: () => first !== undefined,
    add({ text, reasoning, part, note: _, ...rest }: ChatChunk) {
      if (text || reasoning || part) first ??= Date.now()
      if (part) content.parts.push(part)
      if (text) content.text += text
      if (reasoning) content.reasoning += reasoning
      Object.assign(known, rest)
    },
    /** The message so far; `reason` is the finish reason if the provider reported none. */
    message(state: 'complete' | 'partial', reason?: string): NewMessage {
      const { usage, cost, finish_reason = reason, model } = known
      return {
        ...{ id, role: 'assistant', ...contentOf(content) },
        timestamp: isoTime(first ?? Date.now()),
        ...{ provider, model: requested ?? model },
        ...(usage && { usage }),
        ...(cost && { cost }),
        latency_ms: Date.now() - start,
        ...(first !== undefined && { first_token_ms: first - start }),
        ...(finish_reason !== undefined && { finish_reason }),
        ...(state === 'partial' && { state }),
      }
    },
  }
}

/** A reply while its chunks arrive. */
export type Reply = ReturnType<typeof createReply>

/** The stored form of a reply's content. It has parts only if the reply has other content than text. */
export function contentOf({ text, reasoning, parts = [] }: Required<Piece> & { parts?: unknown[] }): Pick<NewMessage, 'content' | 'parts'> {
  const thoughts = reasoning ? [{ type: 'reasoning', text: reasoning }] : []
  if (thoughts.length + parts.length === 0) return { content: text }
  return { content: text, parts: [...thoughts, ...(text ? [{ type: 'text', text }] : []), ...parts] }
}

type ReplyEnd = Pick<Message, 'content' | 'parts' | 'finish_reason'>

/** Matches the finish reasons of a whole reply, in the spellings of plugins too. A reply with another reason does not replace other replies. */
const WHOLE = /^(stop|end|eos|complete|done|finish|tool|function)/i

/** True if a reply has content and is whole, so that it may replace other messages. A reply cut at its length limit replaces only partial replies. */
export function canReplace(reply: ReplyEnd, rejected: readonly ModelMessage[]): boolean {
  const { finish_reason = '' } = reply
  if (isEmpty(reply)) return false
  if (finish_reason === 'length') return rejected.every(({ state }) => state === 'partial')
  return finish_reason === '' || WHOLE.test(finish_reason)
}

const isEmpty = ({ content, parts = [] }: ReplyEnd) =>
  content.trim() === '' && parts.every((part) => ['text', 'reasoning'].includes((part as { type?: string }).type ?? ''))

/** Notes that a reply is empty or was cut short, and why. Throws if a content filter ended the reply. */
export function reportEnd(reply: ReplyEnd, provider: string, note: (text: string) => void): void {
  const { finish_reason } = reply
  if (isEmpty(reply) && finish_reason !== 'content-filter') note('the reply is empty')
  if (finish_reason === 'other' || finish_reason === 'error') note(`${provider} ended the reply without a reason`)
  if (finish_reason === 'length') note('the reply was cut at its length limit; --max-tokens raises the limit')
  if (finish_reason !== 'content-filter') return
  throw new Problem('filtered', `the content filter of ${provider} ended the reply`, {
    hint: 'rephrase the message, or choose another model with --model',
  })
}
