import { expect, test } from 'vitest'
import { makeHome } from '../../helpers/cli.ts'
import { SSE, serve } from '../../helpers/http.ts'
import { storedIn } from './chat.ts'
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
  const result = await home.run('chat', '--provider', provider, '--model', 'm', 'hi')
  expect(result).toMatchObject({ code, stdout: `${text}\n` })
  if (note || code === 0) expect(result.stderr).toMatch(note ?? SUMMARY)
  const [, reply] = await storedIn(home)
  expect(reply?.content).toBe(text)
  const thoughts = reasoning ? [{ type: 'reasoning', text: reasoning }] : []
  const all = thoughts.length + parts.length > 0 ? [...thoughts, { type: 'text', text }, ...parts] : undefined
  expect(reply?.parts).toEqual(all)
  expect(server.requests).toHaveLength(1)
})
