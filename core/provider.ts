import type { Named } from './registry.ts'
import type { Message, Usage } from './session.ts'

/** What a model is asked: the conversation so far, the last message being the new one. */
export interface ChatRequest {
  model?: string
  messages: Pick<Message, 'role' | 'content' | 'parts'>[]
}

/** A piece of an answer: text, or what became known of it as a whole. */
export interface ChatChunk {
  text?: string
  usage?: Usage
  finish_reason?: string
}

/** A source of models, by the name that sessions carry. */
export interface Provider extends Named {
  models?: string[]
  /** Answers in pieces, as they come; a provider without it is only a name. */
  reply?(request: ChatRequest, signal: AbortSignal): AsyncIterable<string | ChatChunk>
}
