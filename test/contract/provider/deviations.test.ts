import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeHome, root } from '../../helpers/cli.ts'
import { runHere } from '../../helpers/here.ts'
import { SSE, serve } from '../../helpers/http.ts'
import { lastMessages } from '../../helpers/messages.ts'
import { USER_CONFIG } from '../../helpers/plugins.ts'
import { DEVIATIONS } from './deviations.ts'

const KEY = 'k'
const envAt = (url: string) => ({
  ...{ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${url}/v1`, AZURE_OPENAI_API_KEY: KEY, AZURE_OPENAI_ENDPOINT: url },
  ...{ ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: url, GEMINI_API_KEY: KEY, GEMINI_BASE_URL: url, OLLAMA_HOST: url },
  ...{ AWS_BEARER_TOKEN_BEDROCK: KEY, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url },
})

/** The line that tells model, tokens and seconds. */
const SUMMARY = /^\w+\/m · .*\n$/

test.each(DEVIATIONS)('$provider: $name', async ({ provider, body, text = 'Hello', code = 0, reasoning, parts = [], note }) => {
  const server = await serve((response) => response.writeHead(200, SSE).end(body))
  const home = makeHome(envAt(server.url))
  const result = await runHere(home, 'chat', '--provider', provider, '--model', 'm', 'hi')
  expect(result).toMatchObject({ code, stdout: `${text}\n` })
  if (note || code === 0) expect(result.stderr).toMatch(note ?? SUMMARY)
  const [, reply] = await lastMessages(home)
  expect(reply?.content).toBe(text)
  const thoughts = reasoning ? [{ type: 'reasoning', text: reasoning }] : []
  const all = thoughts.length + parts.length > 0 ? [...thoughts, { type: 'text', text }, ...parts] : undefined
  expect(reply?.parts).toEqual(all)
  expect(server.requests).toHaveLength(1)
})

test('docs/replies.md lists each deviation', () => {
  const table = fs.readFileSync(path.join(root, 'docs/replies.md'), 'utf8').match(/^\| [\w ]+ \| .* \| .* \|$/gm) ?? []
  const names = table.map((row) => row.split(' | ')[1])
  for (const { name } of DEVIATIONS) expect(names).toContain(name)
})

test('an option that the SDK refuses is an error that names the key, and nothing is sent', async () => {
  const server = await serve((response) => response.end())
  const home = makeHome()
  home.write(USER_CONFIG, `llm:\n  anthropic:\n    base_url: ${server.url}\n    api_key: k\n    options: { thinking: 7 }\n`)
  const { code, stderr } = await home.run('chat', '--provider', 'anthropic', '--model', 'm', 'hi')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: config llm\.anthropic\.options\.thinking: .*\nhint: /)
  expect(server.requests).toEqual([])
})

test.each([
  ['m', { top_k: 20, max_tokens: 5, temperature: 0.5 }],
  ['gpt-5', { max_completion_tokens: 5 }],
])('a compatible server gets the options and settings that %s takes', async (model, fields) => {
  const server = await serve((response) => response.writeHead(200, SSE).end(DEVIATIONS[0]?.body))
  const home = makeHome()
  home.write(USER_CONFIG, `llm:\n  openai:\n    base_url: ${server.url}/v1\n    api_key: k\n    options: { top_k: 20 }\n`)
  await home.ok('chat', '--provider', 'openai', '--model', model, '--max-tokens', '5', '--temperature', '0.5', 'hi')
  const { messages: _, stream: __, stream_options: ___, ...sent } = JSON.parse(server.requests[0]?.body ?? '')
  expect(sent).toEqual({ model, ...fields })
})
