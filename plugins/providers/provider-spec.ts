import type { ChatChunk, ChatRequest, Explanation, Model, ProviderError, ProviderQuestion } from 'ainative-code'
import type { Fetch } from './fetch.ts'

/** The settings of a request to a provider. */
export interface Settings {
  /** The address of the API, without a slash at the end. */
  base_url: string
  /** True if the address is configured, false for the default address. */
  custom: boolean
  /** Empty if there is no key. */
  api_key: string
  model?: string
  max_tokens?: number
  temperature?: number
  top_p?: number
  /** The longest time without data from the server, in milliseconds. */
  timeout: number
  headers: Record<string, string>
  /** Options of the SDK, as its documentation names them. */
  options: Record<string, unknown>
  /** The settings that only this provider has, including those that its address names. */
  own: Record<string, string | number | undefined>
  env: NodeJS.ProcessEnv
  fetch: Fetch
  /** Texts that no message may show. A request may add further texts. */
  secrets: string[]
}

/** A request whose model is known. */
export type NamedRequest = ChatRequest & { model: string }

/** The API of a provider; loaded when it is first used. */
export interface Api {
  reply(request: NamedRequest, settings: Settings, signal: AbortSignal): AsyncIterable<ChatChunk>
  /** The models that the API offers. */
  list(settings: Settings, signal: AbortSignal): AsyncIterable<Model>
  /** The model of a chat that names none, for a provider whose default model only the API knows. */
  defaultModel?(settings: Settings, signal: AbortSignal): Promise<string>
  /** Explains an error that the general rules do not know; see `Provider.explain`. */
  explain?(error: ProviderError, code: string | undefined): Explanation | undefined
}

/** Describes a provider, except for its API. */
export interface ProviderSpec {
  name: string
  aliases?: readonly string[]
  /** Environment variables for the key; the first one that is set counts. */
  keys?: readonly string[]
  /** The page on which users create keys, or install the provider. */
  page: string
  /** The settings that `provider setup` asks for, apart from the key. */
  questions?: readonly ProviderQuestion[]
  /** True if the provider works without a key. */
  keyless?: boolean
  /** Credentials that the provider takes in place of a key: their name, and the variable or file that holds them. */
  credentials?: { name: string; find(env: NodeJS.ProcessEnv): string | undefined }
  baseUrl: {
    variables: readonly string[]
    /** A config key for the address besides `base_url`. */
    key?: string
    default?: string
    /** Turns a text such as a host and a port into a URL. */
    read?(text: string): string
    /** Adds a path that users often omit. */
    complete?(url: string): string
    /** Splits a URL into the address of the API and the fields that its path and query name; throws if the URL has another form. */
    split?(url: URL): { url: string; fields: Settings['own'] }
    /** The forms of an address, for the hint about an invalid one. */
    forms?: string
  }
  /** True if a configured address may be a gateway, whose models have names such as `openai/gpt-5`. */
  gateway?: boolean
  /** The model of a chat that names none. */
  model?: string
  /** The config key for the model that takes precedence over `model`. */
  modelKey?: string
  /** Config keys that only this provider has, and the variables that take precedence over them. */
  fields?: Readonly<Record<string, readonly string[]>>
  load(): Promise<{ api: Api }>
}
