import { HttpFailure } from './fetch.ts'
import { ReadableStream } from './streams.ts'

/** How long a server may keep a connection open after it said that its stream is whole, in milliseconds. */
const GRACE_MS = 1000
const MAX_TAIL = 64

/** How the APIs say that all has come; of text within JSON, no line begins so. */
const WHOLE = /\n(data: ?\[DONE\]|event: ?(message_stop|response\.(completed|incomplete|failed)))/
/** Behind the mark of UTF-8, as bytes. */
const EVENTS = /^(\xef\xbb\xbf)?\s*(data|event|id|retry)?:/

/** A fetch for what is answered by a stream. */
export interface Streamed {
  fetch: typeof fetch
  /** Whether the last answer said that it is whole. */
  whole(): boolean
}

/** Makes one. An answer that is no stream tells of a failure, or comes from a server that streams nothing; what comes after the end does not count. */
export function streamed(fetch: typeof globalThis.fetch): Streamed {
  let whole = false
  const asked = async (url: string | URL, init: RequestInit = {}) => {
    const stop = new AbortController()
    const response = await fetch(url, { ...init, signal: init.signal ? AbortSignal.any([init.signal, stop.signal]) : stop.signal })
    const items = (response.body as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
    const type = response.headers.get('content-type') ?? ''
    const first = /amazon/.test(type) ? '' : await startOf(items)
    // An empty stream is one that was cut.
    const isStream = /event-?stream/i.test(type) && !/^\s*[[{<]/.test(first)
    if (!isStream && !EVENTS.test(first)) {
      const text = utf8Of(first + (await textOf(items)))
      stop.abort()
      const meant = /^\s*[[{]/.test(text) ? 'application/json' : 'text/plain'
      throw new HttpFailure(response.status, { ...Object.fromEntries(response.headers), 'content-type': meant }, text || 'an empty answer')
    }
    const isWhole = () => {
      whole = true
    }
    return { ...response, body: new ReadableStream(untilWhole(items, first, isWhole, stop)) }
  }
  return { fetch: asked as unknown as typeof fetch, whole: () => whole }
}

/** Bytes as characters, which may be cut anywhere. */
const decoded = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

const utf8Of = (text: string) => Buffer.from(text, 'latin1').toString('utf8')

/** As many characters as tell a stream of events from anything else. */
const TELLING = 'retry:'.length

/** What comes first, as far as it takes to tell what it is. */
async function startOf(items: AsyncIterator<Uint8Array>): Promise<string> {
  for (let text = ''; ; ) {
    const { value, done } = await items.next()
    if (done) return text
    text += decoded(value)
    if (text.trim().length >= TELLING) return text
  }
}

async function textOf(items: AsyncIterator<Uint8Array>, most = 64_000): Promise<string> {
  let text = ''
  for (let item = await items.next(); !item.done && text.length < most; item = await items.next()) text += decoded(item.value)
  return text
}

async function* untilWhole(
  items: AsyncIterator<Uint8Array>,
  first: string,
  isWhole: () => void,
  stop: AbortController,
): AsyncIterable<Uint8Array> {
  let tail = '\n'
  let end: number | undefined
  const look = (text: string) => {
    tail += text
    if (end === undefined && WHOLE.test(tail)) {
      end = Date.now() + GRACE_MS
      isWhole()
    }
    tail = tail.slice(-MAX_TAIL)
  }
  try {
    look(first)
    if (first) yield Buffer.from(first, 'latin1')
    for (;;) {
      const next = end === undefined ? await items.next() : await soon(items, end - Date.now())
      if (next.done) return
      look(decoded(next.value))
      yield next.value
    }
  } finally {
    stop.abort()
  }
}

/** The next item, unless it does not come within so many milliseconds, or cannot. */
async function soon<T>(items: AsyncIterator<T>, ms: number): Promise<IteratorResult<T>> {
  const end = { done: true as const, value: undefined }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<typeof end>((resolve) => {
    timer = setTimeout(resolve, ms, end)
  })
  try {
    return await Promise.race([items.next().catch(() => end), late])
  } finally {
    clearTimeout(timer)
  }
}
