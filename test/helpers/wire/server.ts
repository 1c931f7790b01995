import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { anthropic } from './anthropic.ts'
import { azure, azureDeployment } from './azure.ts'
import { bedrock } from './bedrock.ts'
import { gemini } from './gemini.ts'
import { ollama } from './ollama.ts'
import { meta, openaiChat } from './openai-chat.ts'
import { openaiResponses } from './openai-responses.ts'
import { type Dialect, type ReceivedRequest, type Reply, type Wire, withDefaults } from './reply.ts'
import { createEvent, type OneTimeEvent, send } from './send.ts'

export type { Kind, ReceivedRequest, Reply, Wire } from './reply.ts'

const DIALECTS: Record<Wire, Dialect> = {
  anthropic,
  openai: openaiResponses,
  'openai-chat': openaiChat,
  azure,
  'azure-deployment': azureDeployment,
  bedrock,
  gemini,
  ollama,
  meta,
}

/** A test server on loopback with the API of one provider. */
export interface Model {
  /** The URL of the server, without a path. */
  url: string
  wire: Wire
  /** All requests so far, including requests for lists of models. */
  requests: ReceivedRequest[]
  /** Queues replies. The last reply is repeated until others are queued. */
  reply(...replies: Reply[]): void
  /** Resolves when a client closes the connection before its reply is complete. */
  closed(): Promise<void>
  /** Continues all replies that hang or are silent, now and in the future. */
  release(): void
  /** The models in the list of models. */
  models: string[]
}

/** Starts a test server for one test. The default reply is Hello. */
export async function openModel(wire: Wire): Promise<Model> {
  const left = createEvent()
  const released = createEvent()
  let queue: Reply[] = [{}]
  let used = true
  const model: Model = {
    url: '',
    wire,
    requests: [],
    models: ['model-a', 'model-b', 'model-c'],
    closed: () => left.happened,
    release: released.trigger,
    reply(...replies) {
      for (const { failure } of replies) if (failure && !hasFailure(wire, failure)) throw new Error(`${wire} sends no failure '${failure}'`)
      queue = used ? replies : [...queue, ...replies]
      used = false
    },
  }
  const next = () => {
    used ||= queue.length === 1
    return (queue.length > 1 ? queue.shift() : queue[0]) ?? {}
  }
  const server = http.createServer(async (request, response) => {
    const received = await read(request)
    model.requests.push(received)
    await answer(DIALECTS[wire], received, response, { model, next, peek: () => queue[0] ?? {}, left, released })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  model.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return model
}

/** True if this provider has a failure of this kind. */
export const hasFailure = (wire: Wire, kind: NonNullable<Reply['failure']>) => DIALECTS[wire].failure(kind, '') !== undefined

async function read(request: http.IncomingMessage): Promise<ReceivedRequest> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  const text = Buffer.concat(parts).toString()
  const { method = '', url = '', headers } = request
  return { method, path: url, headers: headers as ReceivedRequest['headers'], body: text ? JSON.parse(text) : undefined }
}

/** The state of a server that an answer needs. */
interface ServerState {
  model: Model
  next(): Reply
  peek(): Reply
  left: OneTimeEvent
  released: OneTimeEvent
}

/** The failures of the key, the account or the server, which also affect the lists of models. */
const EVERYWHERE = ['unauthorized', 'rate-limit', 'overloaded', 'server', 'quota']

async function answer(
  dialect: Dialect,
  received: ReceivedRequest,
  response: http.ServerResponse,
  { model, next, peek, left, released }: ServerState,
) {
  const url = new URL(received.path, model.url)
  const [, named] = dialect.replyPath.exec(url.pathname) ?? []
  const lists = received.method === 'GET' && dialect.listPath.test(url.pathname)
  if (lists && !peek().html && !EVERYWHERE.includes(peek().failure ?? '')) {
    return void response.setHeader('content-type', 'application/json').end(JSON.stringify(dialect.list(model.models, url)))
  }
  if (!lists && !(received.method === 'POST' && dialect.replyPath.test(url.pathname))) {
    return void response.writeHead(404, { 'content-type': 'text/plain' }).end(`404 page not found: ${received.method} ${received.path}`)
  }
  const reply = lists ? peek() : next()
  const name = named ? decodeURIComponent(named) : (received.body?.model ?? '')
  await send(response, dialect, reply, withDefaults(reply, name, received), left, released)
}
