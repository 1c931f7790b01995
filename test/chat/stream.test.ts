import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { openScreen } from '../helpers/screen.ts'
import { until } from '../helpers/until.ts'

/** A server of Ollama's wire whose reply comes as the test says. */
async function openStream() {
  let open: http.ServerResponse | undefined
  const line = (content: string, done: boolean) =>
    `${JSON.stringify({ model: 'm', message: { role: 'assistant', content }, done, ...(done && { done_reason: 'stop' }) })}\n`
  const server = http.createServer(async (request, response) => {
    for await (const _ of request);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders()
    open = response
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => until('the request', () => open !== undefined),
    send: (text: string) => void open?.write(line(text, false)),
    end() {
      open?.end(line('', true))
      open = undefined
    },
  }
}

test('a reply is drawn as it comes, at any width; keys wait for the prompt; Ctrl-C stops it once', async () => {
  const stream = await openStream()
  const home = makeHome({ OLLAMA_HOST: stream.url })
  const screen = openScreen(home, ['chat', '--provider', 'ollama', '--model', 'm'], { columns: 60, rows: 24 })
  await screen.shows(/> $/m)
  screen.type('hello\r')
  await stream.asked()
  await screen.shows(/^\S waiting for ollama\/m …$/m)
  stream.send('A **paragraph** that grows is drawn again')
  await screen.shows(/hello\nA paragraph that grows is drawn again$/m)
  screen.type('typed ahead')
  await screen.resize(30, 24)
  await screen.shows(/^A paragraph that grows is\ndrawn again$/m)
  stream.send(' at the width of the moment.\n\n```ts\nconst x = 1\n\tif')
  await screen.shows(/^A paragraph that grows is\ndrawn again at the width of\nthe moment\.\n\n```ts\nconst x = 1\n {8}if$/m)
  await screen.resize(1, 24)
  stream.send(' (x) {}\n```\n')
  await screen.resize(60, 24)
  stream.send('\nThe end')
  const shown = await screen.shows(/^ {8}if \(x\) \{\}\n```\n\nThe end$/m)
  expect(shown).not.toContain('typed')
  expect(shown.match(/const x/g)).toHaveLength(1)
  expect(screen.raw()).toContain('\n\t')
  stream.end()
  await screen.shows(/^The end\nollama\/m · .* s\nchat hello> typed ahead$/m)
  screen.type('\x15again\r')
  await stream.asked()
  stream.send('Half of a sent')
  await screen.shows(/^Half of a sent$/m)
  screen.type('\x03')
  await screen.shows(/again\nHalf of a sent\n\^C\nchat hello> $/m)
})

test('chat --raw at the prompt writes the reply as it is, and the last result is the message', async () => {
  const stream = await openStream()
  const home = makeHome({ OLLAMA_HOST: stream.url })
  const screen = openScreen(home, [], { columns: 60, rows: 24 })
  await screen.shows(/ainative> $/m)
  screen.type('chat --provider ollama --model m --raw hello\r')
  await stream.asked()
  stream.send('A **word**')
  stream.end()
  await screen.shows(/^A \*\*word\*\*$/m)
  await screen.shows(/> $/m)
  screen.type('$_.role\r')
  await screen.shows(/^"assistant"$/m)
})
