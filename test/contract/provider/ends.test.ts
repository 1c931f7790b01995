import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { here, makeHome } from '../../helpers/cli.ts'
import { chunks, DONE, SSE, STOP, serve, sse } from '../../helpers/http.ts'
import { lastMessages } from '../../helpers/messages.ts'
import { AT_PROMPT, answer, openTerminal } from '../../helpers/pty.ts'
import { until } from '../../helpers/until.ts'
import { readBody, readPieces, WIRES } from '../../helpers/wire/read.ts'

afterEach(() => void vi.useRealTimers())

const gemini = (text: string, finishReason?: string) =>
  sse({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, finishReason }] })

/** A body that stays open; what is written to it comes at once. */
function openBody() {
  const pieces: string[] = []
  let wake = () => {}
  const body = (async function* () {
    for (;;) {
      while (pieces.length > 0) yield Buffer.from(pieces.shift() as string)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  })()
  const write = (text: string) => {
    pieces.push(text)
    wake()
  }
  return { body, write }
}

const settle = async () => {
  for (let i = 0; i < 50; i++) await setImmediate()
}

/** Reads an answer of Gemini whose connection stays open, with a clock that only `wait` moves. */
async function readOpen() {
  // Loads the parser, which takes real time.
  await readPieces([Buffer.from(DONE)], WIRES.gemini)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const { body, write } = openBody()
  let ended = false
  const outcome = readBody(body, WIRES.gemini).finally(() => {
    ended = true
  })
  const wait = async (ms: number) => {
    await settle()
    await vi.advanceTimersByTimeAsync(ms)
    await settle()
  }
  return { write, wait, hasEnded: () => ended, outcome }
}

test.each([
  ['text', gemini('more', 'STOP'), 'One more', /connection open; .* after 30 s /],
  ['a comment', ': ping\n\n', 'One ', /after 59 s /],
  ['an object', 'data: {}\n\n', 'One ', /after 59 s /],
])('after an end that may be none, %s restarts the time in which more may come', async (_, more, text, note) => {
  const { write, wait, hasEnded, outcome } = await readOpen()
  write(gemini('One ', 'STOP'))
  await wait(29_000)
  write(more)
  await wait(29_000)
  expect(hasEnded()).toBe(false)
  await wait(1500)
  expect(hasEnded()).toBe(true)
  expect(await outcome).toMatchObject({ text, others: [{ note: expect.stringMatching(note) }, { finish_reason: 'stop' }] })
  expect(await outcome).not.toHaveProperty('error')
})

test('half an event restarts the time as well, and a reply that ends with it is cut', async () => {
  const { write, wait, hasEnded, outcome } = await readOpen()
  write(gemini('One ', 'STOP'))
  await wait(29_000)
  write(gemini('more', 'STOP').slice(0, 40))
  await wait(29_000)
  expect(hasEnded()).toBe(false)
  await wait(1500)
  expect(hasEnded()).toBe(true)
  expect(await outcome).toMatchObject({ text: 'One ', error: { message: 'the connection was cut' } })
})

test.each([
  ['comments', ': ping\n\n'],
  ['events', 'event: ping\ndata: {"type":"ping"}\n\n'],
])('heartbeats that come as %s keep an ended reply open for a minute at most', async (_, beat) => {
  const { write, wait, hasEnded, outcome } = await readOpen()
  write(gemini('One', 'STOP'))
  for (let seconds = 0; seconds < 56; seconds += 4) {
    write(beat)
    await wait(4000)
  }
  expect(hasEnded()).toBe(false)
  write(beat)
  await wait(4500)
  expect(hasEnded()).toBe(true)
  expect(await outcome).toMatchObject({ text: 'One', others: [{ note: expect.stringMatching(/after 60 s /) }, {}] })
  expect(await outcome).not.toHaveProperty('error')
})

/** A stream of each API, as others may mistake it for theirs. */
const STREAMS = {
  openai: [{ id: '1', model: 'm', choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: 'stop' }] }],
  azure: [
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Hello' },
    { type: 'response.completed', response: { status: 'completed' } },
  ],
  anthropic: [
    { type: 'message_start', message: { role: 'assistant', content: [], usage: { input_tokens: 1 } } },
    { type: 'ping' },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } },
    { type: 'message_stop' },
  ],
  gemini: [{ candidates: [{ content: { parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }] }],
}

const names = Object.keys(STREAMS) as (keyof typeof STREAMS)[]

test.each(names.flatMap((api) => Object.keys(WIRES).map((wire) => ({ api, wire: wire as keyof typeof WIRES }))))(
  'a stream of $api and [DONE] is a reply of $api alone, read as $wire',
  async ({ api, wire }) => {
    const { text, error } = await readPieces([Buffer.from(STREAMS[api].map((each) => sse(each)).join('') + DONE)], WIRES[wire])
    if (api === wire) expect({ text, error }).toEqual({ text: 'Hello', error: undefined })
    else expect({ text, error }).toMatchObject({ text: '', error: { status: 200, body: JSON.stringify(STREAMS[api][0]) } })
  },
)

test('[DONE] alone is no reply', async () => {
  expect(await readPieces([Buffer.from(DONE)], WIRES.openai)).toMatchObject({ text: '', error: { status: 200 } })
})

const ANSWER = { object: 'chat.completion', choices: [{ index: 0, message: { content: 'Hello' }, finish_reason: 'stop' }] }

test.each([
  ['after its text', `{\n "choices": [\n  ${JSON.stringify(ANSWER.choices[0])}\n ],\n "usa`],
  ['within its text', JSON.stringify(ANSWER, null, 2).replace(/(?<=Hel)[\s\S]*/, '')],
  ['at its end', JSON.stringify(ANSWER, null, 2).slice(0, -1)],
  ['on its only line', JSON.stringify(ANSWER).slice(0, -1)],
])('a JSON object that is cut %s is asked for again', async (_, cut) => {
  const server = await serve((response, count) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(count === 1 ? cut : JSON.stringify(ANSWER))
  })
  const home = here(makeHome({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: server.url }))
  const { code, stdout, stderr } = await home.run('chat', '--provider', 'openai', '-m', 'm', 'hi')
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello\n' })
  expect(stderr).toMatch(/was cut/)
  expect(server.requests).toHaveLength(2)
})

test('a reply that is cut after an end that was none is partial, and /retry keeps the old one', async () => {
  const server = await serve((response, count) => {
    response.writeHead(200, SSE)
    if (count === 1) response.end(gemini('A good reply', 'STOP'))
    else response.write(gemini('Hel', 'STOP'), () => response.destroy())
  })
  const home = here(makeHome({ GEMINI_API_KEY: 'k', GEMINI_BASE_URL: server.url }))
  const terminal = openTerminal(home, ['chat', '--provider', 'gemini', '-m', 'm'])
  await terminal.until(AT_PROMPT)
  await answer(terminal, 'hi', /gemini\/m · /)
  await answer(terminal, '/retry', /was cut/)
  expect(await lastMessages(home)).toMatchObject([
    { content: 'hi' },
    { content: 'A good reply', finish_reason: 'stop' },
    { content: 'Hel', state: 'partial' },
  ])
})

test('a connection that stays open after the end of a reply is closed', async () => {
  let closed = 0
  const server = await serve((response) => {
    response.on('close', () => closed++)
    response
      .writeHead(200, SSE)
      .write(`data: ${JSON.stringify({ choices: [{ delta: { content: 'Hello' }, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`)
  })
  const home = here(makeHome({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: server.url }))
  const terminal = openTerminal(home, ['chat', '--provider', 'openai', '-m', 'm'])
  await terminal.until(AT_PROMPT)
  await answer(terminal, 'hi', /openai\/m · /)
  await until('the end of the connection', () => closed === 1)
})

test.each([
  ['for an unknown reason', 'LANGUAGE', /unknown reason/],
  ['at its length limit', 'MAX_TOKENS', /its length limit/],
])('a reply that ends %s does not replace a whole one on /retry', async (_, reason, note) => {
  const server = await serve((response, count) => {
    response.writeHead(200, SSE).end(count === 1 ? gemini('A good reply', 'STOP') : gemini('Half a', reason))
  })
  const home = here(makeHome({ GEMINI_API_KEY: 'k', GEMINI_BASE_URL: server.url }))
  const terminal = openTerminal(home, ['chat', '--provider', 'gemini', '-m', 'm'])
  await terminal.until(AT_PROMPT)
  await answer(terminal, 'hi', /gemini\/m · /)
  await answer(terminal, '/retry', note)
  expect((await lastMessages(home)).map(({ content }) => content)).toEqual(['hi', 'A good reply', 'Half a'])
})

test.each([
  ['events', gemini('Hello', 'STOP')],
  ['JSON', gemini('Hello', 'STOP').slice('data: '.length)],
])('%s that are called a page are read', async (_, body) => {
  const server = await serve((response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(body))
  const home = here(makeHome({ GEMINI_API_KEY: 'k', GEMINI_BASE_URL: server.url }))
  expect(await home.run('chat', '--provider', 'gemini', '-m', 'm', 'hi')).toMatchObject({ code: 0, stdout: 'Hello\n' })
  expect(await home.run('models', 'gemini')).toMatchObject({ code: 1, stdout: '' })
})

test.each([
  ['line', 'data: '],
  ['reply', ''],
])('an endless %s is an error that keeps what came', async (what, begin) => {
  const filler = what === 'line' ? 'x'.repeat(2 ** 20) : `: ${'x'.repeat(1000)}\n\n`.repeat(1000)
  const server = await serve((response) => {
    response.writeHead(200, SSE).write(chunks({ content: 'Hello' }) + begin)
    const more = () => {
      while (!response.destroyed && response.write(filler));
    }
    response.on('drain', more)
    more()
  })
  const home = here(makeHome({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: server.url }))
  const { code, stdout, stderr } = await home.run('chat', '--provider', 'openai', '-m', 'm', 'hi')
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'Hello\n' })
  expect(stderr).toMatch(/^error: the provider sent more than 64 MB for one reply\nhint: .*--max-tokens/m)
  expect(await lastMessages(home)).toMatchObject([{ content: 'hi' }, { content: 'Hello', state: 'partial' }])
})

test('text with half a character is sent well-formed and stored as it was', async () => {
  const server = await serve((response) => response.writeHead(200, SSE).end(chunks({ content: 'fine' }) + STOP + DONE))
  const home = makeHome({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: server.url })
  const messages = [
    { role: 'system', content: 'system \ud83d', timestamp: '2024-01-01T00:00:00Z' },
    { role: 'user', content: 'cut here \ud83d', timestamp: '2024-01-01T00:00:00Z' },
  ]
  home.write('session.json', JSON.stringify({ id: 'surr00000001', title: 't', created_at: '2024-01-01T00:00:00Z', messages }))
  await home.ok('session', 'import', '-i', 'session.json')
  await home.ok('chat', '--provider', 'openai', '-m', 'm', '-s', 'surr00000001', 'go on')
  const { messages: sent } = JSON.parse(server.requests[0]?.body ?? '')
  expect(sent.map(({ content }: { content: string }) => content)).toEqual(['system \ufffd', 'cut here \ufffd', 'go on'])
  expect((await lastMessages(home)).map(({ content }) => content)).toEqual(['system \ud83d', 'cut here \ud83d', 'go on', 'fine'])
})
