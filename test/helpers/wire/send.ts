import type http from 'node:http'
import type { Bytes, Dialect, Reply, ReplyContent } from './reply.ts'

/** An event that happens once, and that others can wait for. */
export interface OneTimeEvent {
  happened: Promise<void>
  trigger(): void
}

/** Creates a one-time event. */
export function createEvent(): OneTimeEvent {
  let trigger = () => {}
  const happened = new Promise<void>((resolve) => {
    trigger = resolve
  })
  return { happened, trigger: () => trigger() }
}

/** Answers one request. */
export async function send(
  response: http.ServerResponse,
  dialect: Dialect,
  reply: Reply,
  content: ReplyContent,
  left: OneTimeEvent,
  released: OneTimeEvent,
): Promise<void> {
  let isCutHere = false
  response.on('close', () => {
    if (!response.writableFinished && !isCutHere) left.trigger()
  })
  response.socket?.setNoDelay(true)
  const write = makeWrite(response, reply.split)
  if (reply.silent) await released.happened
  const whole = reply.html !== undefined || reply.failure ? fail(response, dialect, reply, content.model) : undefined
  if (whole !== undefined) {
    await write(whole)
    return void response.end()
  }
  response.writeHead(200, { 'content-type': dialect.type, ...dialect.headers })
  response.flushHeaders()
  if ((await writeStream(write, dialect, reply, content, released)) === 'whole') return void response.end()
  isCutHere = true
  response.destroy()
}

/** Writes a stream, up to its fault. Returns whether the stream is complete or must be cut. */
async function writeStream(
  write: Write,
  dialect: Dialect,
  reply: Reply,
  content: ReplyContent,
  released: OneTimeEvent,
): Promise<'whole' | 'cut'> {
  const { start, pieces, end, error } = dialect.frames(content)
  const { cutAfter, endAfter, errorAfter, hang } = reply
  const silent = hang && pieces.length === 0
  if (!silent) await write(start)
  for (const piece of pieces.slice(0, cutAfter ?? endAfter ?? errorAfter)) await write(piece)
  if (hang) await released.happened
  if (cutAfter !== undefined) return 'cut'
  if (endAfter !== undefined) return 'whole'
  if (errorAfter !== undefined) {
    await write(error)
    return 'whole'
  }
  if (silent) await write(start)
  await write(end)
  return 'whole'
}

/** Sends the status and headers of a failure, and returns its body. */
function fail(response: http.ServerResponse, dialect: Dialect, { html, failure, retryAfter }: Reply, model: string): Bytes {
  const wait = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
  if (html !== undefined) {
    response.writeHead(502, { 'content-type': 'text/html', server: 'nginx', ...wait })
    return html
  }
  const { status, headers, body } = dialect.failure(failure ?? 'server', model) ?? { status: 500, body: '' }
  response.writeHead(status, { 'content-type': 'application/json', ...dialect.headers, ...headers, ...wait })
  return typeof body === 'string' ? body : JSON.stringify(body)
}

type Write = (bytes: Bytes) => Promise<void>

/** Returns a function that writes bytes at once or in slices. Each slice is a separate chunk on the network. */
function makeWrite(response: http.ServerResponse, split?: number): Write {
  const out = (bytes: Buffer) =>
    new Promise<void>((resolve) => {
      // The client may have closed the connection: then nothing is written.
      if (response.destroyed || bytes.length === 0) return resolve()
      response.once('close', resolve)
      response.write(bytes, () => {
        response.off('close', resolve)
        setImmediate(resolve)
      })
    })
  return async (bytes) => {
    const all = Buffer.from(bytes as string)
    for (let at = 0; at < all.length; at += split ?? all.length) await out(all.subarray(at, at + (split ?? all.length)))
  }
}
