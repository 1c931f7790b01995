/** The API that a test server speaks. */
export type Wire = 'anthropic' | 'openai' | 'openai-chat' | 'azure' | 'azure-deployment' | 'bedrock' | 'gemini' | 'ollama' | 'meta'

/** A kind of failure. */
export type Kind = 'unauthorized' | 'no-model' | 'rate-limit' | 'overloaded' | 'server' | 'too-long' | 'filtered' | 'quota'

/** Counts of tokens. `input` includes cached tokens, `output` includes reasoning tokens. */
export interface Tokens {
  input: number
  output: number
  cached: number
  cache_write: number
  cache_write_1h: number
  reasoning: number
  web_searches: number
}

/** The content of a reply. Each field has a default. */
export interface PartialContent {
  /** The text, default 'Hello'. Each piece of a list is a separate event. */
  text?: string | string[]
  /** The reasoning, which is sent before the text. */
  reasoning?: string | string[]
  usage?: Partial<Tokens>
  /** The cost in dollars that the server reports, as OpenRouter does. Only for OpenAI's chat completions. */
  cost?: number
  finish?: 'stop' | 'length' | 'content-filter'
}

/** A reply of a model, with an optional fault. */
export interface Reply extends PartialContent {
  /** Send an HTTP failure with the status, headers and body of this provider. */
  failure?: Kind
  /** The retry-after header of such a failure. */
  retryAfter?: number | string
  /** Cut the connection after this number of pieces, including pieces of reasoning. */
  cutAfter?: number
  /** End the stream normally after this number of pieces, without its last events. */
  endAfter?: number
  /** Send an error event of this provider after this number of pieces. */
  errorAfter?: number
  /** Send nothing after the pieces until release(). Without text, send nothing after the headers. */
  hang?: boolean
  /** Send nothing, not even headers, until release(). */
  silent?: boolean
  /** Send the body in slices of this number of bytes. */
  split?: number
  /** Send status 502 with this page as the body, as a proxy does. */
  html?: string
}

/** A request that the server received. */
export interface ReceivedRequest {
  method: string
  path: string
  headers: Record<string, string | undefined>
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the form of the request
  body: any
}

/** The complete content of a reply, with all defaults filled in. */
export interface ReplyContent {
  model: string
  text: string[]
  reasoning: string[]
  usage: Tokens
  cost?: number
  finish: 'stop' | 'length' | 'content-filter'
  received: ReceivedRequest
}

/** A part of a response. */
export type Bytes = string | Buffer

/** The parts of a response. Each piece of text or reasoning is one part. */
export interface Frames {
  start: Bytes
  pieces: Bytes[]
  end: Bytes
  error: Bytes
}

/** An HTTP failure. */
export interface Failure {
  status: number
  headers?: Record<string, string>
  body: unknown
}

/** The API of one provider. */
export interface Dialect {
  type: string
  headers?: Record<string, string>
  /** Matches the path of a request for a reply. Group 1 is the model, unless the body contains the model. */
  replyPath: RegExp
  frames(content: ReplyContent): Frames
  /** Returns a failure; undefined if this provider has no failure of this kind. */
  failure(kind: Kind, model: string): Failure | undefined
  /** Matches the path of the list of models. */
  listPath: RegExp
  /** Returns the list of models. A page contains two models. */
  list(models: string[], url: URL): unknown
}

const pieces = (value: string | string[] = []) => [value].flat()

/** Fills in the defaults of the content of a reply. */
export const withDefaults = (
  { text = 'Hello', reasoning, usage, cost, finish = 'stop' }: PartialContent,
  model: string,
  received: ReceivedRequest,
): ReplyContent => ({
  model,
  text: pieces(text),
  reasoning: pieces(reasoning),
  usage: { input: 11, output: 7, cached: 0, cache_write: 0, cache_write_1h: 0, reasoning: 0, web_searches: 0, ...usage },
  cost,
  finish,
  received,
})

/** Converts each piece of a list to a part. `first` comes before the first part, `last` after the last part. */
export const around = (list: string[], each: (piece: string) => string, first = '', last = '') =>
  list.map((piece, at) => `${at === 0 ? first : ''}${each(piece)}${at === list.length - 1 ? last : ''}`)

/** Returns a server-sent event without a name. */
export const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`

/** Returns a server-sent event with its type as its name. */
export const event = (value: { type: string }) => `event: ${value.type}\n${data(value)}`

/** Returns two names of a list after the name `after`. `more` is true if more names follow. */
export function page(names: string[], after?: string | null): { shown: string[]; more: boolean } {
  const start = after ? names.indexOf(after) + 1 : 0
  return { shown: names.slice(start, start + 2), more: names.length > start + 2 }
}
