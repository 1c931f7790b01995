import type { Named } from './registry.ts'
import type { Json } from './session.ts'
import type { Cost, Usage } from './usage.ts'

/**
 * A request to a model: the conversation so far, which ends with the new message. No message is blank, and only the first message may
 * have the role system.
 */
export interface ChatRequest {
  provider: string
  model?: string
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[]
  temperature?: number
  /** The maximum number of tokens in the reply. */
  max_tokens?: number
}

/** A piece of a reply: text, or facts about the whole reply. */
export interface ChatChunk {
  text?: string
  /** The reasoning of the model, which is not part of the reply. */
  reasoning?: string
  /** The name of the model, as the API reports it. */
  model?: string
  usage?: Usage
  /** The price that the provider charges for the reply. */
  cost?: Cost
  /** The reason for the end, such as stop, length or content-filter. */
  finish_reason?: string
  /** A part of the reply that is not text: an object with a `type` such as file, tool-call, tool-result or source. */
  part?: Json
  /** A line for the user, such as a note that the model does not support a setting. */
  note?: string
}

/** A model that a provider offers. */
export interface Model {
  id: string
  name?: string
  /** ISO 8601 UTC. */
  created_at?: string
  /** The size of the context window in tokens. */
  context?: number
}

/** An error of a provider, read from its HTTP answer or from the network; `body` is the error object of a JSON body. */
export interface ProviderError {
  status?: number
  code?: string
  headers: Record<string, string>
  message: string
  body?: Json
}

/** A provider's own explanation of its error; `wait` is in milliseconds, `addressKey` the config key of its address. */
export interface Explanation {
  code?: string
  hint?: string
  wait?: number
  addressKey?: string
}

/** The configuration of a provider: its address and the source of its key, never the key itself. */
export interface ProviderSetup {
  base_url?: string
  /** The source of the key, such as `ANTHROPIC_API_KEY`; absent without a key. */
  key?: string
  /** Credentials in place of a key, such as `AWS credentials`. */
  credentials?: string
  /** True if the provider needs no key. */
  keyless?: boolean
  /** True if a chat that names no provider may use this one; by default, if it has a key. */
  wanted?: boolean
  /** True if the names of its models may contain a slash, as those of a gateway do. */
  gateway?: boolean
  model?: string
  /** True if the provider needs a key and none is set. */
  missing?: boolean
  /** The environment variables that may hold the key. */
  variables?: readonly string[]
  /** The page where keys are created, or where the provider is installed. */
  page?: string
  /** Further settings that `provider setup` asks for. */
  questions?: readonly ProviderQuestion[]
}

/** A setting that `provider setup` asks for. */
export interface ProviderQuestion {
  /** The key in the provider's block of the config. */
  key: string
  text: string
  required?: boolean
}

/** A provider of models. Sessions store its name. */
export interface Provider extends Named {
  /** Known models; others may work too. */
  models?: readonly string[]
  /** Streams a reply; a provider without this function cannot answer. A thrown error may have `status`, `headers` and `body`, as in HTTP. */
  reply?(request: ChatRequest, signal: AbortSignal): AsyncIterable<string | ChatChunk>
  /** The model of a chat that names none. */
  defaultModel?(signal: AbortSignal): Promise<string | undefined>
  /** The models that the API offers. */
  list?(signal: AbortSignal): AsyncIterable<Model>
  setup?(): Promise<ProviderSetup>
  /** Explains an error of its API. `code` is the code of the general rule for the error, if there is one. */
  explain?(error: ProviderError, code: string | undefined): Promise<Explanation | undefined>
  /** For built-in providers: the same provider with its settings read once, for all calls of one request. */
  forRequest?(): Promise<Provider>
}
