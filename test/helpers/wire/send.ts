import type http from 'node:http'
import type { Bytes, Dialect, Reply, Told } from './reply.ts'

/** Something that happens once, and may be waited for. */
export interface Signal {
  given: Promise<void>
  give(): void
}

export function makeSignal(): Signal {
  let give = () => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give: () => give() }
}

/** Answers one request. */
export async function send(
  response: http.ServerResponse,
  dialect: Dialect,
  reply: Reply,
  told: Told,
  left: Signal,
  released: Signal,
): Promise<void> {
  let ours = false
  response.on('close', () => {
    if (!response.writableFinished && !ours) left.give()
  })
  response.socket?.setNoDelay(true)
  const write = makeWrite(response, reply.split)
  if (reply.silent) await released.given
  const whole = reply.html !== undefined || reply.failure ? fail(response, dialect, reply, told.model) : undefined
  if (whole !== undefined) {
    await write(whole)
    return void response.end()
  }
  response.writeHead(200, { 'content-type': dialect.type, ...dialect.headers })
  response.flushHeaders()
  if ((await speak(write, dialect, reply, told, released)) === 'whole') return void response.end()
  ours = true
  response.destroy()
}

/** Writes the stream as far as it goes. */
async function speak(write: Write, dialect: Dialect, reply: Reply, told: Told, released: Signal): Promise<'whole' | 'cut'> {
  const { start, pieces, end, error } = dialect.frames(told)
  const { cutAfter, endAfter, errorAfter, hang } = reply
  const silent = hang && pieces.length === 0
  if (!silent) await write(start)
  for (const piece of pieces.slice(0, cutAfter ?? endAfter ?? errorAfter)) await write(piece)
  if (hang) await released.given
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

/** Sends the head of a failure and gives its body. */
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

/** Writes bytes at once or in slices, each one a chunk of its own on the wire. */
function makeWrite(response: http.ServerResponse, split?: number): Write {
  const out = (bytes: Buffer) =>
    new Promise<void>((resolve) => {
      // The client may be gone, and then nothing is written and no one waits.
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
