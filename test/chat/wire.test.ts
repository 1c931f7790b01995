import { once } from 'node:events'
import type http from 'node:http'
import { stripVTControlCharacters } from 'node:util'
import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { here, makeHome, startCli } from '../helpers/cli.ts'
import { runHere } from '../helpers/here.ts'
import { chunks, DONE, SSE, STOP, serve, sse, type TestServer } from '../helpers/http.ts'
import { lastMessages } from '../helpers/messages.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'
import { openTerminal } from '../helpers/pty.ts'

const ASK = ['chat', '--provider', 'openai', '--model', 'm', 'hi']
const homeAt = ({ url }: TestServer, env: NodeJS.ProcessEnv = {}) => makeHome({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: `${url}/v1`, ...env })

const HELLO = chunks({ role: 'assistant', content: 'Hel' }, { content: 'lo' })

/** Sends a text byte by byte. */
async function dribble(response: http.ServerResponse, text: string): Promise<void> {
  response.writeHead(200)
  for (const byte of Buffer.from(text)) await new Promise((resolve) => response.write(Buffer.of(byte), resolve))
  response.end()
}

test.each([
  ['[DONE] ends a reply whose connection stays open', [HELLO + STOP + DONE], false],
  ['[DONE] is an end although nothing says why', [HELLO + DONE], true],
  ['a stream that is called by no name', [HELLO, STOP, DONE], true],
])('%s', async (name, parts, ends) => {
  const server = await serve((response) => {
    if (name.includes('no name')) return dribble(response, `\ufeff${parts.join('')}`)
    response.writeHead(200, SSE)
    for (const part of parts) response.write(part)
    if (ends) response.end()
  })
  // The program must end although the connection is open.
  const home = ends ? here(homeAt(server)) : homeAt(server)
  expect(await home.run(...ASK)).toMatchObject({ code: 0, stdout: 'Hello\n' })
  expect(await lastMessages(home)).toMatchObject([{}, { content: 'Hello', finish_reason: 'stop' }])
  expect((await lastMessages(home))[1]).not.toHaveProperty('state')
})

test('a byte order mark and the first bytes may come in any pieces', async () => {
  const body = Buffer.from(`\ufeff${HELLO}${STOP}${DONE}`)
  for (let at = 1; at <= 12; at++) {
    const server = await serve((response) => {
      response.writeHead(200).write(body.subarray(0, at), () => setTimeout(() => response.end(body.subarray(at)), 20))
    })
    expect(await runHere(homeAt(server), ...ASK)).toMatchObject({ code: 0, stdout: 'Hello\n' })
  }
})

test('a connection that is reset behind the end is no failure', async () => {
  const server = await serve((response) => {
    response.writeHead(200, { ...SSE, 'content-length': 10_000 }).write(HELLO + STOP + DONE, () => response.destroy())
  })
  expect(await homeAt(server).run(...ASK)).toMatchObject({ code: 0, stdout: 'Hello\n' })
})

test.each([
  ['openai', 'data: {"choices":[{"index":0,"delta":{"role":"assistant","refusal":"I cannot "}}]}\n\n'],
  [
    'azure',
    'event: response.refusal.delta\ndata: {"type":"response.refusal.delta","item_id":"1","output_index":0,"content_index":0,"delta":"I cannot "}\n\n',
  ],
])('what %s refuses with is its reply', async (provider, part) => {
  const end =
    provider === 'openai'
      ? `${chunks({ refusal: 'do that.' })}${STOP}${DONE}`
      : `${part.replace('I cannot ', 'do that.')}event: response.completed\ndata: ${JSON.stringify({
          type: 'response.completed',
          response: { usage: { input_tokens: 1, output_tokens: 2 } },
        })}\n\n`
  const server = await serve((response) => response.writeHead(200, SSE).end(part + end))
  const keys = { OPENAI_API_KEY: 'k', AZURE_OPENAI_API_KEY: 'k' }
  const home = here(makeHome({ ...keys, OPENAI_BASE_URL: server.url, AZURE_OPENAI_ENDPOINT: server.url }))
  expect(await home.run('chat', '--provider', provider, '-m', 'm', 'hi')).toMatchObject({
    ...{ code: 0, stdout: 'I cannot do that.\n' },
    stderr: expect.stringMatching(/^\w+: the model refuses to answer\n\w+\/m · /),
  })
  expect(await lastMessages(home)).toMatchObject([{}, { content: 'I cannot do that.' }])
})

test('a mark of the end within the text of a reply ends nothing', async () => {
  const text = 'data: [DONE] event: message_stop '.repeat(20)
  const pieces = [...text].map((letter) => chunks({ content: letter }))
  const server = await serve((response) => {
    response.writeHead(200, SSE)
    // Cut so that the mark stands at every place of what is looked at.
    response.write(chunks({ content: text }).slice(0, -2))
    response.write('\n\n')
    for (const piece of pieces) response.write(piece)
    response.end(STOP)
  })
  expect(await runHere(homeAt(server), ...ASK)).toMatchObject({ code: 0, stdout: `${text}${text}\n` })
})

test('what goes on after the end is not waited for', async () => {
  const server = await serve((response) => {
    response.writeHead(200, SSE).write(HELLO + STOP + DONE)
    const timer = setInterval(() => response.write(': ping\n\n'), 200)
    response.on('close', () => clearInterval(timer))
  })
  expect(await homeAt(server).run(...ASK)).toMatchObject({ code: 0, stdout: 'Hello\n' })
})

test.each(['gzip', 'GZip', 'deflate', 'br'] as const)(
  'an answer that comes packed with %s is read, and so is a failure',
  async (encoding) => {
    const pack = { gzip: zlib.gzipSync, GZip: zlib.gzipSync, deflate: zlib.deflateSync, br: zlib.brotliCompressSync }[encoding]
    const server = await serve((response, count) => {
      if (count === 1) response.writeHead(200, { ...SSE, 'content-encoding': encoding }).end(pack(HELLO + STOP + DONE))
      else response.writeHead(400, { 'content-encoding': encoding }).end(pack('{"error":{"message":"the wörd"}}'))
    })
    const home = here(homeAt(server))
    expect(await home.ok(...ASK)).toBe('Hello\n')
    expect((await home.run(...ASK)).stderr).toContain('the wörd')
  },
)

/** What is told of an answer, and how often it was asked for. */
async function told(answer: Parameters<typeof serve>[0], provider = 'openai', env: NodeJS.ProcessEnv = {}) {
  const server = await serve(answer)
  const keys = { GEMINI_API_KEY: 'k', GEMINI_BASE_URL: server.url, ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: server.url }
  const home = homeAt(server, { ...keys, LLAMA_API_KEY: 'k', LLAMA_BASE_URL: server.url, ...env })
  const { code, stderr } = await runHere(home, 'chat', '--provider', provider, '-m', 'm', 'hi')
  expect(code).toBe(1)
  return { stderr, count: server.requests.length, home }
}

test.each([
  [200, { 'content-type': 'text/plain' }, 'Please log in to the portal', 'does not answer as its API does: Please log in to the portal'],
  [200, {}, '<html><title>Portal</title></html>', 'does not answer as its API does: Portal'],
  [200, {}, '{"message":{"role":"assistant","content":"Hello"},"done":true}', 'does not answer as its API does: {"role":"assistant"'],
  [204, {}, '', 'does not answer as its API does: an empty answer'],
  [404, {}, '404 page not found', 'does not answer as its API does: 404 page not found\nhint: check llm.openai.base_url'],
  [400, {}, '{"error":{"message":"max_tokens must be < 4096: rate limit tier"}}', 'refused the request (400): max_tokens must be'],
  [400, {}, '{"error":{"message":"unexpected token limit reached"}}', 'refused the request (400): unexpected token limit'],
  [
    400,
    {},
    '{"error":{"message":{"detail":[{"msg":"field required"}]}}}',
    'refused the request (400): {"detail":[{"msg":"field required"}]}',
  ],
  [200, SSE, '{"error":{"message":"Your account is suspended"}}', 'refused the request (200): Your account is suspended'],
  [200, SSE, '<html><title>Portal</title></html>', 'does not answer as its API does: Portal'],
  [200, SSE, 'upstream timeout', 'does not answer as its API does: upstream timeout'],
  [200, SSE, 'upstream timeout\n\n', 'does not answer as its API does: upstream timeout'],
  [200, { 'content-type': 'application/x-ndjson' }, 'upstream timeout\n', 'does not answer as its API does: upstream timeout'],
  [404, {}, '{"error":{"message":"No endpoints found for m","code":404}}', 'has no such model: No endpoints found for m'],
  [407, {}, '', 'the proxy on the way to openai requires a user name and password'],
])('%d %j %s is told as what it is, and asked for once', async (status, headers, body, says) => {
  const { stderr, count } = await told((response) => response.writeHead(status, headers).end(body))
  expect(stderr).toContain(says)
  expect(count).toBe(1)
})

test('a server that falls silent within its answer is told as slow, and is not asked again', async () => {
  const server = await serve((response) => response.writeHead(200, SSE).flushHeaders())
  const home = homeAt(server)
  home.write(USER_CONFIG, 'llm:\n  openai:\n    timeout: 500ms\n')
  expect((await runHere(home, ...ASK)).stderr).toMatch(/^error: openai did not answer in time: no data for 0\.5 s\n/)
  expect(server.requests).toHaveLength(1)
})

test('the wait that Google asks for is kept to, and its quota of a minute is not one of money', async () => {
  const message = 'You exceeded your current quota.\n* Quota exceeded for metric: requests\nPlease retry in 1.5s.'
  const error = {
    code: 429,
    message,
    status: 'RESOURCE_EXHAUSTED',
    details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' }],
  }
  const { stderr, count } = await told((response) => response.writeHead(429).end(JSON.stringify({ error })), 'gemini')
  expect(stderr.match(/retrying in 1\.5 s/g)).toHaveLength(2)
  expect(stderr).toContain('the rate limit of gemini is reached: You exceeded your current quota.')
  expect(count).toBe(3)
})

test.each([
  ['-5', 3],
  ['0x10', 3],
  ['Infinity', 3],
])('retry-after: %s is none', async (after, times) => {
  const { stderr, count } = await told((response) => response.writeHead(429, { 'retry-after': after }).end('{}'))
  expect(stderr).toMatch(/retrying in 1\.\d s \(attempt 2 of 3\)/)
  expect(stderr).not.toMatch(/hint: try again in \d/)
  expect(count).toBe(times)
})

test('retry-after-ms goes before it', async () => {
  const { stderr } = await told((response) => response.writeHead(429, { 'retry-after-ms': '250', 'retry-after': '20' }).end('{}'))
  expect(stderr.match(/retrying in 0\.3 s/g)).toHaveLength(2)
})

test('retry-after may be a date', async () => {
  const { stderr } = await told((response) =>
    response.writeHead(429, { 'retry-after': new Date(Date.now() + 9000).toUTCString() }).end('{}'),
  )
  // The date has whole seconds, and a busy machine comes to it late.
  expect(stderr).toMatch(/retrying in (?:[2-8](?:\.\d)?|9(?:\.0)?) s \(attempt 2 of 3\)/)
})

test('no more than 30 s are spent, whatever takes them', async () => {
  const { stderr, count } = await told((response, times) => {
    if (times === 1) response.writeHead(429, { 'retry-after': '16' }).end('{}')
    else setTimeout(() => response.writeHead(503, { 'retry-after': '13' }).end('{}'), 2000)
  })
  expect(stderr).toContain('retrying in 16 s (attempt 2 of 3)')
  expect(stderr).toContain('hint: try again in 13 s')
  expect(count).toBe(2)
})

const responses = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
const COMPLETED = responses('response.completed', { response: { usage: { input_tokens: 1, output_tokens: 2 } } })

const atAzure = ({ url }: TestServer) => here(makeHome({ AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: url }))

test('an event that ends a reply is read to its own end', async () => {
  const server = await serve((response) => {
    response
      .writeHead(200, SSE)
      .write(responses('response.output_text.delta', { item_id: '1', output_index: 0, content_index: 0, delta: 'Half' }))
    response.write('event: response.failed\n')
    const error = { code: 'server_error', message: 'it broke' }
    setTimeout(() => response.end(responses('response.failed', { response: { error, usage: null } }).replace(/^event.*\n/, '')), 1500)
  })
  const { code, stderr } = await atAzure(server).run('chat', '--provider', 'azure', '-m', 'm', 'hi')
  expect(code).toBe(1)
  expect(stderr).toContain('it broke')
})

test('messages of one answer stand apart', async () => {
  const message = (id: string, at: number, delta: string) =>
    responses('response.output_item.added', { output_index: at, item: { type: 'message', id } }) +
    responses('response.output_text.delta', { item_id: id, output_index: at, content_index: 0, delta }) +
    responses('response.output_item.done', { output_index: at, item: { type: 'message', id } })
  const server = await serve((response) => response.writeHead(200, SSE).end(message('a', 0, 'One.') + message('b', 1, 'Two.') + COMPLETED))
  expect(await atAzure(server).ok('chat', '--provider', 'azure', '-m', 'm', 'hi')).toBe('One.\n\nTwo.\n')
})

test.each([
  ['openai', 500, {}, '{"error":{"message":"[json.exception.parse_error.101] parse error"}}', /^openai: server error; retrying/],
  [
    'openai',
    200,
    { 'content-type': 'application/json' },
    '{"error":{"message":"Rate limit reached","code":429}}',
    /^openai: rate-limited; retrying/,
  ],
  ['openai', 200, { 'content-type': 'application/json' }, '{"error":{"message":"Invalid API key"}}', /^error: openai refused the key/],
  ['openai', 402, {}, '{"error":{"message":"pay"}}', /^error: the account at openai has no credit left: pay/],
  ['openai', 400, {}, '{"error":{"message":"foo/bar is not a valid model ID"}}', /^error: openai has no such model/],
  [
    'anthropic',
    200,
    SSE,
    'event: error\ndata: {"type":"error","error":{"type":"invalid_request_error","message":"no"}}\n\n',
    /^error: anthropic refused the request: /,
  ],
] as const)('%s with %d %j %s is told, and asked again only where that may help', async (provider, status, headers, body, says) => {
  const { stderr } = await told((response) => response.writeHead(status, headers).end(body), provider)
  expect(stderr).toMatch(says)
})

test('a note is told once, however often it is tried', async () => {
  const server = await serve((response, count) => {
    if (count < 2) response.writeHead(200, SSE).end()
    else response.writeHead(200, SSE).end(HELLO + STOP + DONE)
  })
  const { stderr } = await runHere(homeAt(server), 'chat', '--provider', 'openai', '-m', 'o3', '--temperature', '0.2', 'hi')
  expect(stderr).toContain('(attempt 2 of 3)')
  expect(stderr.match(/openai: temperature/g)).toHaveLength(1)
})

test('meta that ends early is told as cut, and asked again', async () => {
  const { stderr, count } = await told((response) => response.writeHead(200, SSE).end(sse({ choices: [] })), 'meta')
  expect(stderr).toContain('the connection to meta was cut')
  expect(count).toBe(3)
})

const SECRETS = {
  'the token of a header': [
    'openai',
    (url: string) => `base_url: ${url}/v1\n    headers: { x-gateway: Bearer gate-token-123 }`,
    'gate-token-123',
  ],
  'a key that is sent to ollama': ['ollama', (url: string) => `base_url: ${url}\n    api_key: ollama-secret-99`, 'ollama-secret-99'],
} as const

test.each(Object.keys(SECRETS) as (keyof typeof SECRETS)[])('a server that sends back %s does not get it shown', async (what) => {
  const [provider, block, secret] = SECRETS[what]
  const server = await serve((response) => response.writeHead(500).end(JSON.stringify({ error: `you sent ${secret}` })))
  const home = makeHome({ OPENAI_API_KEY: 'k' })
  home.write(USER_CONFIG, `llm:\n  ${provider}:\n    ${block(server.url)}\n`)
  for (const argv of [
    ['chat', '--provider', provider, 'hi'],
    ['chat', '--debug', '--provider', provider, 'hi'],
    ['models', provider],
    ['provider', 'test', provider],
  ]) {
    const { stdout, stderr } = await runHere(home, ...argv)
    expect(stderr).toContain('you sent ***')
    expect(stdout + stderr).not.toContain(secret)
  }
})

test('a session token of AWS that is sent back is not shown', async () => {
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE123',
    AWS_SECRET_ACCESS_KEY: 'secret-access-key-1',
    AWS_SESSION_TOKEN: 'session-token-123',
    AWS_REGION: 'us-east-1',
  }
  const server = await serve((response) => response.writeHead(403).end('{"message":"token session-token-123 of AKIAEXAMPLE123"}'))
  const { stdout, stderr } = await makeHome({ ...env, AWS_ENDPOINT_URL: server.url }).run('chat', '--provider', 'bedrock', '-m', 'm', 'hi')
  expect(stderr).toContain('token *** of ***')
  expect(stdout + stderr).not.toContain('session-token-123')
})

test("gemini's reason for its end ends a reply whose connection stays open", async () => {
  const piece = (text: string, more = {}) => sse({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...more }] })
  const server = await serve((response) => {
    response.writeHead(200, SSE).write(piece('Hel') + piece('lo', { finishReason: 'STOP' }))
  })
  const home = makeHome({ GEMINI_API_KEY: 'k', GEMINI_BASE_URL: server.url })
  expect(await home.run('chat', '--provider', 'gemini', '-m', 'm', 'hi')).toMatchObject({ code: 0, stdout: 'Hello\n' })
  expect((await lastMessages(home))[1]).toMatchObject({ content: 'Hello', finish_reason: 'stop' })
})

test('an end that says nothing is told of', async () => {
  const end = sse({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'half' }] }, finishReason: 'OTHER' }] })
  const server = await serve((response) => response.writeHead(200, SSE).end(end))
  const home = makeHome({ GEMINI_API_KEY: 'k', GEMINI_BASE_URL: server.url })
  const { stdout, stderr } = await runHere(home, 'chat', '--provider', 'gemini', '-m', 'm', 'hi')
  expect(stdout).toBe('half\n')
  expect(stderr).toContain('gemini ended the reply without a reason')
})

test('a setting that a model does not take is told of', async () => {
  const server = await serve((response) => response.writeHead(200, SSE).end(HELLO + STOP + DONE))
  const home = homeAt(server)
  const { stderr } = await runHere(home, 'chat', '--provider', 'openai', '-m', 'gpt-5.6', '--temperature', '0.2', 'hi')
  expect(JSON.parse(server.requests[0]?.body ?? '')).not.toHaveProperty('temperature')
  expect(stderr).toMatch(/^openai: temperature /)
})

test.each(['json', 'jsonl', 'text'])('a reply that a filter ends is there, and the end is told, as %s', async (format) => {
  const end = sse({ choices: [{ index: 0, delta: {}, finish_reason: 'content_filter' }] })
  const server = await serve((response) => response.writeHead(200, SSE).end(HELLO + end + DONE))
  const { code, stdout, stderr } = await runHere(homeAt(server), ...ASK, '--format', format)
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: the content filter of openai ended the reply/m)
  if (format === 'text') expect(stdout).toBe('Hello\n')
  if (format === 'json') expect(JSON.parse(stdout)).toMatchObject({ content: 'Hello', finish_reason: 'content-filter' })
  if (format === 'jsonl') expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ type: 'error', code: 'filtered' })
})

test('thoughts that come again stand below what was said', async () => {
  const lines = [
    { message: { role: 'assistant', content: '', thinking: 'First thought.' } },
    { message: { role: 'assistant', content: 'One.' } },
    { message: { role: 'assistant', content: '', thinking: 'Second thought.' } },
    { message: { role: 'assistant', content: 'Two.' } },
    { message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' },
  ]
  const server = await serve((response) =>
    response.end(lines.map((each) => `${JSON.stringify({ model: 'm', done: false, ...each })}\n`).join('')),
  )
  for (const env of [{}, { NO_COLOR: '1' }]) {
    const terminal = openTerminal(makeHome({ OLLAMA_HOST: server.url }), ['chat', '--provider', 'ollama', '-m', 'm', 'hi'], env)
    await terminal.ended()
    expect(stripVTControlCharacters(terminal.text()).replaceAll('\r', '')).toContain('First thought.\n\nOne.\n\nSecond thought.\n\nTwo.\n')
  }
})

test('a reader that leaves ends the request', async () => {
  let closed = false
  const server = await serve((response) => {
    response.writeHead(200, SSE).write(HELLO)
    const timer = setInterval(() => response.write(chunks({ content: ' more' })), 50)
    response.on('close', () => {
      clearInterval(timer)
      closed = true
    })
  })
  const home = homeAt(server)
  const child = startCli(ASK, { cwd: home.dir, env: home.env })
  child.stdin.end()
  await once(child.stdout, 'data')
  child.stdout.destroy()
  await once(child, 'exit')
  expect(closed).toBe(true)
  expect(await lastMessages(home)).toMatchObject([{}, { content: expect.stringMatching(/^Hello/), state: 'partial' }])
})
