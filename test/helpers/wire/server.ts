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
import { type Asked, type Dialect, type Reply, tell, type Wire } from './reply.ts'
import { makeSignal, type Signal, send } from './send.ts'

export type { Asked, Kind, Reply, Wire } from './reply.ts'

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

/** A server on loopback that speaks as one provider does. */
export interface Model {
  /** Without a path. */
  url: string
  wire: Wire
  /** All that came, lists of models too. */
  requests: Asked[]
  /** Queues answers; the last one stays until others are queued. */
  reply(...replies: Reply[]): void
  /** Until a client left before its reply was whole. */
  closed(): Promise<void>
  /** Lets what hangs or is silent go on, now and from now on. */
  release(): void
  /** What its list offers. */
  models: string[]
}

/** Starts one for this test, with an answer of Hello. */
export async function openModel(wire: Wire): Promise<Model> {
  const left = makeSignal()
  const released = makeSignal()
  let queue: Reply[] = [{}]
  let used = true
  const model: Model = {
    url: '',
    wire,
    requests: [],
    models: ['model-a', 'model-b', 'model-c'],
    closed: () => left.given,
    release: released.give,
    reply(...replies) {
      for (const { failure } of replies) if (failure && !knows(wire, failure)) throw new Error(`${wire} sends no failure '${failure}'`)
      queue = used ? replies : [...queue, ...replies]
      used = false
    },
  }
  const next = () => {
    used ||= queue.length === 1
    return (queue.length > 1 ? queue.shift() : queue[0]) ?? {}
  }
  const server = http.createServer(async (request, response) => {
    const asked = await read(request)
    model.requests.push(asked)
    await answer(DIALECTS[wire], asked, response, { model, next, peek: () => queue[0] ?? {}, left, released })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  model.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return model
}

/** Whether this provider has such a failure. */
export const knows = (wire: Wire, kind: NonNullable<Reply['failure']>) => DIALECTS[wire].failure(kind, '') !== undefined

async function read(request: http.IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  const text = Buffer.concat(parts).toString()
  const { method = '', url = '', headers } = request
  return { method, path: url, headers: headers as Asked['headers'], body: text ? JSON.parse(text) : undefined }
}

interface At {
  model: Model
  next(): Reply
  peek(): Reply
  left: Signal
  released: Signal
}

/** What is wrong with the key, the account or the server shows in its lists too. */
const EVERYWHERE = ['unauthorized', 'rate-limit', 'overloaded', 'server', 'quota']

async function answer(dialect: Dialect, asked: Asked, response: http.ServerResponse, { model, next, peek, left, released }: At) {
  const url = new URL(asked.path, model.url)
  const [, named] = dialect.asks.exec(url.pathname) ?? []
  const lists = asked.method === 'GET' && dialect.lists.test(url.pathname)
  if (lists && !peek().html && !EVERYWHERE.includes(peek().failure ?? '')) {
    return void response.setHeader('content-type', 'application/json').end(JSON.stringify(dialect.list(model.models, url)))
  }
  if (!lists && !(asked.method === 'POST' && dialect.asks.test(url.pathname))) {
    return void response.writeHead(404, { 'content-type': 'text/plain' }).end(`404 page not found: ${asked.method} ${asked.path}`)
  }
  const reply = lists ? peek() : next()
  const name = named ? decodeURIComponent(named) : (asked.body?.model ?? '')
  await send(response, dialect, reply, tell(reply, name, asked), left, released)
}
