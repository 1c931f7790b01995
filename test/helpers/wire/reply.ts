export type Wire = 'anthropic' | 'openai' | 'openai-chat' | 'azure' | 'azure-deployment' | 'bedrock' | 'gemini' | 'ollama' | 'meta'

export type Kind = 'unauthorized' | 'no-model' | 'rate-limit' | 'overloaded' | 'server' | 'too-long' | 'filtered' | 'quota'

/** All tokens: `input` has those of the caches in it, `output` those of the reasoning. */
export interface Tokens {
  input: number
  output: number
  cached: number
  cache_write: number
  cache_write_1h: number
  reasoning: number
  web_searches: number
}

/** What a model says, without what goes wrong. */
export interface Said {
  /** Pieces that come as events of their own; default 'Hello'. */
  text?: string | string[]
  /** Sent before the text. */
  reasoning?: string | string[]
  usage?: Partial<Tokens>
  /** What the server says it charges, in dollars; only OpenAI's chat completions, as OpenRouter sends it. */
  cost?: number
  finish?: 'stop' | 'length' | 'content-filter'
}

/** One answer of a model, and what goes wrong with it. */
export interface Reply extends Said {
  /** An HTTP failure, with the status, headers and body of this provider. */
  failure?: Kind
  /** The retry-after header of such a failure. */
  retryAfter?: number | string
  /** Cut the connection after so many pieces (reasoning counts too). */
  cutAfter?: number
  /** End the stream, as if that were all, after so many pieces. */
  endAfter?: number
  /** An error in the stream, in the provider's own shape, after so many pieces. */
  errorAfter?: number
  /** After the pieces nothing comes until release(); without text, after the headers. */
  hang?: boolean
  /** Not even headers come until release(). */
  silent?: boolean
  /** The body goes out in slices of so many bytes, cut anywhere. */
  split?: number
  /** A 502 with this page as its body, as a proxy sends it. */
  html?: string
}

/** A request as it came. */
export interface Asked {
  method: string
  path: string
  headers: Record<string, string | undefined>
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of the provider's request
  body: any
}

/** Said, with nothing left out. */
export interface Told {
  model: string
  text: string[]
  reasoning: string[]
  usage: Tokens
  cost?: number
  finish: 'stop' | 'length' | 'content-filter'
  asked: Asked
}

export type Bytes = string | Buffer

/** A whole reply in bytes; a piece of text or reasoning is a part of its own. */
export interface Frames {
  start: Bytes
  pieces: Bytes[]
  end: Bytes
  error: Bytes
}

export interface Failure {
  status: number
  headers?: Record<string, string>
  body: unknown
}

/** How one provider speaks. */
export interface Dialect {
  type: string
  headers?: Record<string, string>
  /** The path of a request for a reply; its first group is the model, unless the body names it. */
  asks: RegExp
  frames(told: Told): Frames
  /** Undefined where this provider knows no such failure. */
  failure(kind: Kind, model: string): Failure | undefined
  /** The path of the list of models, and what it answers; a page has two of them. */
  lists: RegExp
  list(models: string[], url: URL): unknown
}

const pieces = (value: string | string[] = []) => [value].flat()

export const tell = ({ text = 'Hello', reasoning, usage, cost, finish = 'stop' }: Said, model: string, asked: Asked): Told => ({
  model,
  text: pieces(text),
  reasoning: pieces(reasoning),
  usage: { input: 11, output: 7, cached: 0, cache_write: 0, cache_write_1h: 0, reasoning: 0, web_searches: 0, ...usage },
  cost,
  finish,
  asked,
})

/** Each piece in bytes, with what opens the first and closes the last of them. */
export const around = (list: string[], each: (piece: string) => string, first = '', last = '') =>
  list.map((piece, at) => `${at === 0 ? first : ''}${each(piece)}${at === list.length - 1 ? last : ''}`)

/** A server-sent event without a name. */
export const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`

/** A server-sent event with its type as its name. */
export const event = (value: { type: string }) => `event: ${value.type}\n${data(value)}`

/** Two of a list, from the one after this name; `more` says that it goes on. */
export function page(names: string[], after?: string | null): { shown: string[]; more: boolean } {
  const start = after ? names.indexOf(after) + 1 : 0
  return { shown: names.slice(start, start + 2), more: names.length > start + 2 }
}
