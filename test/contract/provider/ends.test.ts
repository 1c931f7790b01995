import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { makeHome } from '../../helpers/cli.ts'
import { chunks, DONE, SSE, STOP, serve, sse } from '../../helpers/http.ts'
import { AT_PROMPT, answer, openTerminal } from '../../helpers/pty.ts'
import { readBody, readPieces, WIRES } from '../../helpers/wire/read.ts'
import { storedIn } from './chat.ts'

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

test('after an end that may be none, each chunk restarts the time in which more may come', async () => {
  // Loads the parser, which takes real time.
  await readPieces([Buffer.from(DONE)], WIRES.gemini)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { body, write } = openBody()
  let ended = false
  const outcome = readBody(body, WIRES.gemini).finally(() => {
    ended = true
  })
  for (const piece of ['One ', 'two ', 'three.']) {
    write(gemini(piece, 'STOP'))
    await settle()
    await vi.advanceTimersByTimeAsync(4000)
    write(': ping\n\n')
    await settle()
  }
  expect(ended).toBe(false)
  await vi.advanceTimersByTimeAsync(1500)
  expect(await outcome).not.toHaveProperty('error')
  expect(await outcome).toMatchObject({ text: 'One two three.' })
})

test('a reply that is cut after an end that was none is partial, and /retry keeps the old one', async () => {
  const server = await serve((response, count) => {
    response.writeHead(200, SSE)
    if (count === 1) response.end(gemini('A good reply', 'STOP'))
    else response.write(gemini('Hel', 'STOP'), () => response.destroy())
  })
  const home = makeHome({ GEMINI_API_KEY: 'k', GEMINI_BASE_URL: server.url })
  const terminal = openTerminal(home, ['chat', '--provider', 'gemini', '-m', 'm'])
  await terminal.until(AT_PROMPT)
  await answer(terminal, 'hi', /gemini\/m · /)
  await answer(terminal, '/retry', /was cut/)
  expect(await storedIn(home)).toMatchObject([
    { content: 'hi' },
    { content: 'A good reply', finish_reason: 'stop' },
    { content: 'Hel', state: 'partial' },
  ])
})

test('a reply that ends at its length limit does not replace a whole one on /retry', async () => {
  const server = await serve((response, count) => {
    response.writeHead(200, SSE).end(gemini(...((count === 1 ? ['A good reply', 'STOP'] : ['Half a', 'MAX_TOKENS']) as [string, string])))
  })
  const home = makeHome({ GEMINI_API_KEY: 'k', GEMINI_BASE_URL: server.url })
  const terminal = openTerminal(home, ['chat', '--provider', 'gemini', '-m', 'm'])
  await terminal.until(AT_PROMPT)
  await answer(terminal, 'hi', /gemini\/m · /)
  await answer(terminal, '/retry', /limit of its length/)
  expect((await storedIn(home)).map(({ content }) => content)).toEqual(['hi', 'A good reply', 'Half a'])
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
  const home = makeHome({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: server.url })
  const { code, stdout, stderr } = await home.run('chat', '--provider', 'openai', '-m', 'm', 'hi')
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'Hello\n' })
  expect(stderr).toMatch(/^error: the provider sent more than 64 MB for one reply\nhint: .*--max-tokens/m)
  expect(await storedIn(home)).toMatchObject([{ content: 'hi' }, { content: 'Hello', state: 'partial' }])
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
  expect((await storedIn(home)).map(({ content }) => content)).toEqual(['system \ud83d', 'cut here \ud83d', 'go on', 'fine'])
})
