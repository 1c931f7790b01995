import type http from 'node:http'
import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { SSE, serve } from '../helpers/http.ts'
import { expectProblem } from '../helpers/problem.ts'

type Answer = [status: number, headers: http.OutgoingHttpHeaders, body: string]

const JSON_TYPE = { 'content-type': 'application/json' }
const ANSWERS: Record<string, Answer> = {
  'a redirect': [302, { location: 'https://login.example' }, ''],
  'a page': [200, { 'content-type': 'text/html' }, '<html><title>Please log in</title></html>'],
  nothing: [200, {}, ''],
  'JSON of another API': [200, JSON_TYPE, '{"id":"1","answer":"Hello"}'],
  'an error that is called a success': [200, JSON_TYPE, '{"error":"the moon is down"}'],
  'no JSON': [200, SSE, 'data: {not json\n\n'],
  'JSON of another form': [200, SSE, 'data: null\n\ndata: 1\n\n'],
  'a wait that is too long': [429, { 'retry-after': '120' }, '{}'],
  'a large failure': [400, {}, 'x'.repeat(2_000_000)],
}

/** The error for each answer. */
const TOLD: Record<string, RegExp> = {
  'a redirect': /does not answer as its API does: it redirects to https:\/\/login\.example\n/,
  'a page': /does not answer as its API does: Please log in\nhint: check llm\.\w+\.base_url/,
  nothing: /does not answer as its API does: an empty answer/,
  'JSON of another API': /does not answer as its API does: \{"id":"1"/,
  'an error that is called a success': /the moon is down/,
  'no JSON': /does not answer as its API does: its events hold no JSON objects/,
  'JSON of another form': /does not answer as its API does: its events hold no JSON objects/,
  'a wait that is too long': /the rate limit of \w+ is reached: .*\nhint: try again in 120 s/,
  'a large failure': /refused the request \(400\): x{300}\n/,
}

const cases = Object.keys(ANSWERS).flatMap((answer) => ['anthropic', 'openai', 'ollama'].map((provider) => [provider, answer] as const))

test.each(cases)('%s that answers with %s is told in words, and nothing is taken for a reply', async (provider, answer) => {
  const [status, headers, body] = ANSWERS[answer] as Answer
  const { url } = await serve((response) => response.writeHead(status, headers).end(body))
  const keys = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: url, OPENAI_API_KEY: 'k', OPENAI_BASE_URL: `${url}/v1`, OLLAMA_HOST: url }
  const home = here(makeHome(keys))
  const result = await home.run('chat', '--provider', provider, '--model', 'm', 'hi')
  expectProblem({ ...result, stdout: result.stdout.trim() }, 1)
  expect(result.stderr).toMatch(TOLD[answer] as RegExp)
  expect(await home.json('session', 'list', '--json')).toMatchObject([{ message_count: 1 }])
})

const anthropicEvents = (...events: object[]) =>
  events.map((each) => `event: ${(each as { type: string }).type}\ndata: ${JSON.stringify(each)}\n\n`).join('')

test('anthropic may send events, blocks and pieces of types that nobody knows yet', async () => {
  const start = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage: { input_tokens: 3, output_tokens: 1 } }
  const body = anthropicEvents(
    { type: 'message_start', message: start },
    { type: 'context_hint', hint: 1 },
    { type: 'content_block_start', index: 0, content_block: { type: 'hologram', size: 3 } },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Hel' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'mood_delta', mood: 'calm' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'lo' } },
    { type: 'content_block_stop', index: 1 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  )
  const { url } = await serve((response) => response.writeHead(200, SSE).end(body))
  const home = here(makeHome({ ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: url }))
  expect(await home.run('chat', '--provider', 'anthropic', '--model', 'm', 'hi')).toMatchObject({ code: 0, stdout: 'Hello\n' })
})
