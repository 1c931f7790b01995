import { HttpFailure } from './fetch.ts'
import { ReadableStream } from './streams.ts'

/** How long a server may keep a connection open after it said that its stream is whole, in milliseconds. */
const GRACE_MS = 250

/** Lines of events; behind the mark of UTF-8, as bytes. */
const EVENTS = /^(\xef\xbb\xbf)?\s*(data|event|id|retry)?:/
/** How the APIs say that all has come: by a line, or by the event that a line begins. */
const LAST_LINE = /^data: ?\[DONE\]/
const LAST_EVENT = /^event: ?(message_stop|response\.(completed|incomplete|failed))/

/** A fetch for what is answered by a stream. */
export interface Streamed {
  fetch: typeof fetch
  /** Whether the last answer said that it is whole. */
  whole(): boolean
  /** Says so for it, where only its reader can tell. */
  end(): void
}

/** Makes one. An answer that is no stream tells of a failure, or comes from a server that streams nothing; what comes after the end does not count. */
export function streamed(fetch: typeof globalThis.fetch): Streamed {
  let end = endReader()
  const asked = async (...args: Parameters<typeof fetch>) => {
    const response = await fetch(...args)
    const items = (response.body as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
    const type = response.headers.get('content-type') ?? ''
    const first = /amazon/.test(type) ? '' : await startOf(items)
    // An empty stream is one that was cut.
    const isStream = /event-?stream/i.test(type) && !/^\s*[[{<]/.test(first)
    if (!isStream && !EVENTS.test(first)) {
      const text = utf8Of(first + (await textOf(items)))
      const meant = /^\s*[[{]/.test(text) ? 'application/json' : 'text/plain'
      throw new HttpFailure(response.status, { ...Object.fromEntries(response.headers), 'content-type': meant }, text || 'an empty answer')
    }
    end = endReader()
    return { ...response, body: new ReadableStream(untilEnd(items, first, end)) }
  }
  return { fetch: asked as unknown as typeof fetch, whole: () => end.came(), end: () => end.tell() }
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

/** Looks for the end of a stream, however it is cut; within JSON no line begins. */
function endReader() {
  /** The start of the line that is open. */
  let line = ''
  let last = false
  let whole = false
  const take = () => {
    whole ||= LAST_LINE.test(line) || (last && line.trim() === '')
    last ||= LAST_EVENT.test(line)
  }
  return {
    came: () => whole,
    tell() {
      whole = true
    },
    add(text: string) {
      const [rest = '', ...lines] = text.split('\n')
      line = (line + rest).slice(0, 64)
      for (const next of lines) {
        take()
        line = next.slice(0, 64)
      }
      whole ||= LAST_LINE.test(line)
    },
  }
}

async function* untilEnd(items: AsyncIterator<Uint8Array>, first: string, end: ReturnType<typeof endReader>): AsyncIterable<Uint8Array> {
  end.add(first)
  if (first) yield Buffer.from(first, 'latin1')
  for (let until: number | undefined; ; ) {
    if (end.came()) until ??= Date.now() + GRACE_MS
    const next = await (until === undefined ? items.next() : soon(items.next(), until - Date.now()))
    if (next.done) return
    end.add(decoded(next.value))
    yield next.value
  }
}

/** An item, unless it does not come within so many milliseconds, or cannot. */
async function soon<T>(item: Promise<IteratorResult<T>>, ms: number): Promise<IteratorResult<T>> {
  const end = { done: true as const, value: undefined }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<typeof end>((resolve) => {
    timer = setTimeout(resolve, ms, end)
  })
  try {
    return await Promise.race([item.catch(() => end), late])
  } finally {
    clearTimeout(timer)
  }
}
