import { type ChatChunk, type ChatRequest, isCost, knownUsage, type Provider } from 'ainative-code'
import { wholeCharacters } from './characters.ts'
import { type Failure, failureOf } from './failure.ts'
import type { Target } from './target.ts'

const MAX_ATTEMPTS = 3
/** The time after the first attempt in which further attempts may start, in milliseconds. */
const MAX_RETRY_MS = 30_000

/** Asks a provider and retries transient failures until the reply starts; each retry is a note. Throws a Problem. */
export async function* askProvider(
  { provider, connected }: Pick<Target, 'provider' | 'connected'>,
  request: ChatRequest,
  signal: AbortSignal,
  note: (text: string) => void,
): AsyncIterable<ChatChunk> {
  const start = Date.now()
  const sent = wellFormed(request)
  // Shared by all attempts, so that the provider's settings are read once.
  let asked = connected
  for (let count = 1; ; count++) {
    let isStarted = false
    try {
      asked ??= (await provider.forRequest?.()) ?? provider
      for await (const chunk of wholeCharacters(attempt(asked, sent, signal))) {
        isStarted ||= Boolean(chunk.text || chunk.reasoning || chunk.part)
        yield chunk
      }
      return
    } catch (error) {
      signal.throwIfAborted()
      const failure = await failureOf(error, provider)
      const wait = failure.wait ?? 1000 * 2 ** (count - 1) * (1 + Math.random() / 4)
      if (isStarted || !failure.retry || count === MAX_ATTEMPTS || Date.now() - start + wait > MAX_RETRY_MS) throw failure.problem
      note(retryNote(provider, failure, wait, count + 1))
      // Not imported: few requests need it.
      await process.getBuiltinModule('node:timers/promises').setTimeout(wait, undefined, { signal })
    }
  }
}

function retryNote({ name }: Provider, { retry }: Failure, wait: number, count: number): string {
  const seconds = (wait / 1000).toFixed(wait < 10_000 ? 1 : 0)
  return `${name}: ${retry}; retrying in ${seconds} s (attempt ${count} of ${MAX_ATTEMPTS})`
}

/** Makes one attempt. At its end, for any reason, aborts the signal that the provider received. */
async function* attempt(provider: Provider, request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatChunk> {
  const own = new AbortController()
  try {
    for await (const item of untilAborted(replyOf(provider, request, AbortSignal.any([signal, own.signal])), signal)) yield chunkOf(item)
  } finally {
    own.abort()
  }
}

function replyOf(provider: Provider, request: ChatRequest, signal: AbortSignal) {
  if (provider.reply) return provider.reply(request, signal)
  throw new Error(`the provider ${provider.name} has no reply`)
}

/** Replaces lone surrogates in a request, because providers refuse them. The stored messages do not change. */
const wellFormed = ({ messages, ...request }: ChatRequest): ChatRequest => ({
  ...request,
  messages: messages.map((message) => ({ ...message, content: message.content.toWellFormed() })),
})

/** Converts a value that `reply` yielded to a chunk. Throws for a value that is neither text nor an object. */
function chunkOf(item: unknown): ChatChunk {
  if (typeof item === 'string') return { text: item }
  if (typeof item === 'object' && item !== null) return 'usage' in item || 'cost' in item ? withKnownCounts(item) : item
  throw new Error(`reply yielded ${JSON.stringify(item)}, expected text or an object`)
}

/** Removes an invalid usage or cost from a chunk, so that it does not make the reply fail. */
function withKnownCounts({ usage, cost, ...rest }: { usage?: unknown; cost?: unknown }): ChatChunk {
  const counts = knownUsage(usage)
  return { ...rest, ...(counts && { usage: counts }), ...(isCost(cost) && { cost }) }
}

/** Passes a stream on until the signal aborts, even if the stream ignores the signal. */
async function* untilAborted<T>(stream: AsyncIterable<T>, signal: AbortSignal): AsyncIterable<T> {
  const items = stream[Symbol.asyncIterator]()
  let stop = () => {}
  const onAbort = () => stop()
  signal.addEventListener('abort', onAbort)
  try {
    for (;;) {
      signal.throwIfAborted()
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        stop = () => reject(signal.reason)
        items.next().then(resolve, reject)
      })
      if (next.done) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    // Not awaited, because return() may hang after the abort.
    items.return?.().catch(() => undefined)
  }
}
