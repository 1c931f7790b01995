import { type ChatChunk, type ChatRequest, isCost, knownUsage, type Provider } from 'ainative-code'
import { failureOf } from './failure.ts'

const TRIES = 3
/** After so many milliseconds no try begins. */
const PATIENCE_MS = 30_000

/** Asks a provider, again where that may help, as long as nothing of a reply has come. Each try more is told in a line. */
export async function* attempt(
  provider: Provider,
  request: ChatRequest,
  signal: AbortSignal,
  note: (text: string) => void,
): AsyncIterable<ChatChunk> {
  const start = Date.now()
  const sent = wellFormed(request)
  for (let tries = 1; ; tries++) {
    let begun = false
    // Ends what a provider still has open, also where it has failed.
    const tried = new AbortController()
    try {
      for await (const given of untilAborted(replyOf(provider, sent, AbortSignal.any([signal, tried.signal])), signal)) {
        const chunk = chunkOf(given)
        begun ||= Boolean(chunk.text || chunk.reasoning || chunk.part)
        yield chunk
      }
      return
    } catch (error) {
      signal.throwIfAborted()
      const { problem, retry, wait = 1000 * 2 ** (tries - 1) * (1 + Math.random() / 4) } = failureOf(error, provider.name)
      if (begun || !retry || tries === TRIES || Date.now() - start + wait > PATIENCE_MS) throw problem
      note(`${provider.name}: ${retry}; trying again in ${(wait / 1000).toFixed(wait < 10_000 ? 1 : 0)} s (${tries + 1} of ${TRIES})`)
      // Not imported: few chats need it.
      await process.getBuiltinModule('node:timers/promises').setTimeout(wait, undefined, { signal })
    } finally {
      tried.abort()
    }
  }
}

/** The same request as text that UTF-8 can hold: providers refuse a surrogate without its other half. What is stored stays as it is. */
const wellFormed = ({ messages, ...request }: ChatRequest): ChatRequest => ({
  ...request,
  messages: messages.map((message) => ({ ...message, content: message.content.toWellFormed() })),
})

/** A piece as a plugin gives it, whatever that is. */
function chunkOf(given: unknown): ChatChunk {
  if (typeof given === 'string') return { text: given }
  if (typeof given === 'object' && given !== null) return 'usage' in given || 'cost' in given ? counted(given) : given
  throw new Error(`it gave ${JSON.stringify(given)} as a piece of its reply, which is neither text nor an object`)
}

/** The same piece without counts and costs that no message holds: a reply is not lost for them. */
function counted({ usage, cost, ...rest }: { usage?: unknown; cost?: unknown }): ChatChunk {
  const counts = knownUsage(usage)
  return { ...rest, ...(counts && { usage: counts }), ...(isCost(cost) && { cost }) }
}

/** The same stream, ended by the signal even where nobody listens to it. */
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
    // Not waited for: it may hang in what the signal has ended.
    items.return?.().catch(() => undefined)
  }
}

function replyOf(provider: Provider, request: ChatRequest, signal: AbortSignal) {
  if (provider.reply) return provider.reply(request, signal)
  throw new Error(`the provider ${provider.name} has no reply`)
}
