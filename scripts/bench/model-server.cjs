// A server with the APIs of Anthropic, OpenAI, Gemini and Ollama, on a free port: node model-server.cjs
// The first line of output is the port. Each further line is the time at which a request was read.
// The model say-N answers with N pieces at once; timed-N sends N pieces, one every 5 ms, each with the time at which it was sent.
const http = require('node:http')

const now = () => `${process.hrtime.bigint()}`
const event = (data) => `data: ${JSON.stringify(data)}\n\n`
const named = (type, data) => `event: ${type}\n${event({ type, ...data })}`

const DIALECTS = [
  {
    path: /\/messages$/,
    begin:
      named('message_start', {
        message: { id: 'm', role: 'assistant', model: 'm', content: [], usage: { input_tokens: 3, output_tokens: 1 } },
      }) + named('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    piece: (text) => named('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
    end:
      named('content_block_stop', { index: 0 }) +
      named('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } }) +
      named('message_stop', {}),
  },
  {
    path: /\/chat\/completions$/,
    begin: '',
    piece: (content) => event({ id: 'c', model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content } }] }),
    end: `${event({ id: 'c', model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}data: [DONE]\n\n`,
  },
  {
    path: /:streamGenerateContent/,
    begin: '',
    piece: (text) => event({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] } }] }),
    end: event({ candidates: [{ index: 0, content: { role: 'model', parts: [] }, finishReason: 'STOP' }] }),
  },
  {
    path: /\/api\/chat$/,
    begin: '',
    piece: (content) => `${JSON.stringify({ model: 'm', message: { role: 'assistant', content }, done: false })}\n`,
    end: `${JSON.stringify({ model: 'm', message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' })}\n`,
  },
]

async function answer(request, response) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  process.stdout.write(`${now()}\n`)
  const body = JSON.parse(Buffer.concat(chunks).toString() || '{}')
  const { begin, piece, end } = DIALECTS.find(({ path }) => path.test(request.url)) ?? DIALECTS[0]
  const [, kind = 'say', count = 1] = /(say|timed)-(\d+)/.exec(body.model ?? request.url) ?? []
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (kind === 'say') return response.end(begin + piece('A few words of a reply. ').repeat(Number(count)) + end)
  response.write(begin)
  for (let left = Number(count); left > 0; left--) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    response.write(piece(`${now()}\n`))
  }
  response.end(end)
}

const server = http.createServer((request, response) => void answer(request, response))
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
process.on('disconnect', () => process.exit())
