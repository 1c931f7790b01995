import type { ChatChunk, ChatRequest, Explanation, Model, ProviderError, ProviderQuestion } from 'ainative-code'
import type { Fetch } from './fetch.ts'

/** What a provider is called with. */
export interface Settings {
  /** Where its API is, without a slash at the end. */
  base_url: string
  /** Whether somebody has set that. */
  custom: boolean
  /** Empty where there is none. */
  api_key: string
  model?: string
  max_tokens?: number
  temperature?: number
  top_p?: number
  /** How long it may be silent, in milliseconds. */
  timeout: number
  headers: Record<string, string>
  /** For the SDK, as its documentation names them. */
  options: Record<string, unknown>
  /** The fields that only this provider has, and those that its address names. */
  own: Record<string, string | number | undefined>
  env: NodeJS.ProcessEnv
  fetch: Fetch
  /** What no message may show; more may be found out later. */
  secrets: string[]
}

/** A request that names its model. */
export type NamedRequest = ChatRequest & { model: string }

/** How a provider's API is used; each stands in a file that is loaded when it is. */
export interface Api {
  reply(request: NamedRequest, settings: Settings, signal: AbortSignal): AsyncIterable<ChatChunk>
  /** The models that it offers. */
  list(settings: Settings, signal: AbortSignal): AsyncIterable<Model>
  /** The model of a chat that names none, if only the API can tell. */
  defaultModel?(settings: Settings, signal: AbortSignal): Promise<string>
  /** Explains an error that the general rules do not know; see Provider. */
  explain?(error: ProviderError, code: string | undefined): Explanation | undefined
}

/** What there is to know of a provider without its API. */
export interface ProviderSpec {
  name: string
  aliases?: readonly string[]
  /** Environment variables that may hold its key; the first that is set counts. */
  keys?: readonly string[]
  /** The page where its keys are made, or where it is installed. */
  page: string
  /** What setting it up asks for beside the key. */
  questions?: readonly ProviderQuestion[]
  /** It can do without a key. */
  keyless?: boolean
  /** Credentials that the provider takes in place of a key: their name, and the variable or file that holds them. */
  credentials?: { name: string; find(env: NodeJS.ProcessEnv): string | undefined }
  baseUrl: {
    variables: readonly string[]
    /** The key of the config beside `base_url` that may hold it. */
    key?: string
    default?: string
    /** Turns a text such as a host and a port into a URL. */
    read?(given: string): string
    /** Adds the path that people leave out. */
    complete?(url: string): string
    /** Splits a URL into the address of the API and the fields that its path and query name; throws if the URL has another form. */
    split?(url: URL): { url: string; fields: Settings['own'] }
    /** The forms of an address, for the hint about an invalid one. */
    forms?: string
  }
  /** Behind another address there may be models of others, named as theirs are. */
  gateway?: boolean
  /** The model of a chat that names none. */
  model?: string
  /** The key of its block that says so before `model` does. */
  modelKey?: string
  /** Keys of its block in the config beside those that every provider has, and the variables that go before them. */
  fields?: Readonly<Record<string, readonly string[]>>
  load(): Promise<{ api: Api }>
}
