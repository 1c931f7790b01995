import { HttpFailure } from './fetch.ts'
import { ReadableStream } from './streams.ts'

/** The same fetch for what is answered by a stream: whole JSON in its place tells of a failure, or comes from a server that streams nothing. */
export const streamed = (fetch: typeof globalThis.fetch) =>
  (async (...args: Parameters<typeof fetch>) => {
    const response = await fetch(...args)
    if (!/^application\/json\b/i.test(response.headers.get('content-type') ?? '')) return response
    const text = await response.text()
    if (isJson(text)) throw new HttpFailure(response.status, Object.fromEntries(response.headers), text)
    // A stream that is called by the wrong name.
    const body = async function* () {
      yield new TextEncoder().encode(text)
    }
    return { ...response, body: new ReadableStream(body()) }
  }) as typeof fetch

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
