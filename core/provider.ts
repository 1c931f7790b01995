import type { Named } from './registry.ts'
import type { Json } from './session.ts'
import type { Cost, Usage } from './usage.ts'

/** What a model is asked: the conversation so far, none of it blank, the last message being the new one; one of role system may stand first. */
export interface ChatRequest {
  provider: string
  model?: string
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[]
  temperature?: number
  /** The most tokens that the reply may have. */
  max_tokens?: number
}

/** A piece of an answer: text, or what became known of it as a whole. */
export interface ChatChunk {
  text?: string
  /** What the model thinks before it answers; it is no part of the answer. */
  reasoning?: string
  /** The model's own name for itself. */
  model?: string
  usage?: Usage
  /** What the provider charges for the reply. */
  cost?: Cost
  /** Why it ended, such as stop, length or content-filter. */
  finish_reason?: string
  /** A part of the answer that is no text, as messages hold it: an object with a `type` such as file, tool-call, tool-result or source. */
  part?: Json
  /** A line for the person who asked, such as that the model does not take a setting. */
  note?: string
}

/** A model that a provider offers. */
export interface Model {
  id: string
  name?: string
  /** ISO 8601 UTC. */
  created_at?: string
  /** The most tokens that it takes. */
  context?: number
}

/** How a provider is set up: where it is and where its key comes from, never the key. */
export interface ProviderSetup {
  base_url?: string
  /** Such as `ANTHROPIC_API_KEY`; absent where there is none. */
  key?: string
  /** Whether it works without one. */
  keyless?: boolean
  /** Whether it answers where nobody says who; by default, one that has a key does. */
  wanted?: boolean
  /** Whether its models may be named as provider/model themselves. */
  gateway?: boolean
  model?: string
  /** Whether it needs a key that is set nowhere. */
  missing?: boolean
  /** The environment variables that may hold its key. */
  variables?: readonly string[]
  /** The page where its keys are made, or where it is installed. */
  page?: string
  /** Settings of its block beside the key that setting it up asks for. */
  questions?: readonly ProviderQuestion[]
  /** Credentials in place of a key, such as `AWS credentials`. */
  credentials?: string
}

/** A setting to ask for. */
export interface ProviderQuestion {
  /** The key in the provider's block of the config. */
  key: string
  text: string
  /** Whether it cannot do without. */
  required?: boolean
}

/** An error of a provider, read from its HTTP answer or from the network; `body` is the error object of a JSON body. */
export type ProviderError = { status?: number; code?: string; headers: Record<string, string>; message: string; body?: Json }

/** What a provider knows of its error beyond the general rules; `wait` is in milliseconds, `addressKey` the config key of its address. */
export type Explanation = { code?: string; hint?: string; wait?: number; addressKey?: string }

/** A source of models, by the name that sessions carry. */
export interface Provider extends Named {
  /** Models that it is known to have; it may take others. */
  models?: readonly string[]
  /** Answers in pieces, as they come; a provider without it is only a name. What it throws may have `status`, `headers` and `body`, as HTTP has them. */
  reply?(request: ChatRequest, signal: AbortSignal): AsyncIterable<string | ChatChunk>
  /** The model of a chat that names none. */
  defaultModel?(signal: AbortSignal): Promise<string | undefined>
  /** The models that its API offers now. */
  list?(signal: AbortSignal): AsyncIterable<Model>
  setup?(): Promise<ProviderSetup>
  /** Explains an error of its API; `code` is that of the general rule for it, if there is one. */
  explain?(error: ProviderError, code: string | undefined): Promise<Explanation | undefined>
  /** For shipped providers: the same provider with its settings read once, for all calls of one request. */
  forRequest?(): Promise<Provider>
}
