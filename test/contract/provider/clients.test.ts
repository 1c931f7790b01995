import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createAzure } from '@ai-sdk/azure'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModelV3, LanguageModelV3StreamPart } from '@ai-sdk/provider'
import { Ollama } from 'ollama'
import { describe, expect, test } from 'vitest'
import { openModel, type Wire } from '../../helpers/wire/server.ts'

/** The providers' own clients, who tell whether our servers speak as the real ones do. */
const CLIENTS: [Wire, (url: string) => LanguageModelV3][] = [
  ['anthropic', (url) => createAnthropic({ baseURL: `${url}/v1`, apiKey: 'k' })('m')],
  ['openai', (url) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'k' }).responses('m')],
  ['openai-chat', (url) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'k' }).chat('m')],
  ['azure', (url) => createAzure({ baseURL: `${url}/openai/v1`, apiKey: 'k' }).responses('m')],
  ['azure', (url) => createAzure({ baseURL: `${url}/openai/v1`, apiKey: 'k' }).chat('m')],
  ['azure-deployment', (url) => createAzure({ baseURL: `${url}/openai`, apiKey: 'k', useDeploymentBasedUrls: true }).chat('m')],
  ['bedrock', (baseURL) => createAmazonBedrock({ baseURL, region: 'us-east-1', apiKey: 'k' })('us.anthropic.m-v1:0')],
  ['gemini', (url) => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: 'k' })('m')],
  ['meta', (url) => createOpenAICompatible({ name: 'meta', baseURL: `${url}/compat/v1`, apiKey: 'k', includeUsage: true })('m')],
]

async function partsOf(client: LanguageModelV3) {
  const parts: LanguageModelV3StreamPart[] = []
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hi' }] }]
  let failed: unknown
  try {
    const { stream } = await client.doStream({ prompt, includeRawChunks: true })
    for await (const part of stream) parts.push(part)
  } catch (error) {
    failed = error
  }
  const textOf = (type: 'text-delta' | 'reasoning-delta') => parts.map((part) => (part.type === type ? part.delta : '')).join('')
  const end = parts.find((part) => part.type === 'finish')
  return { text: textOf('text-delta'), reasoning: textOf('reasoning-delta'), end, parts, failed }
}

describe.each(CLIENTS)('%s', (wire, client) => {
  test('a reply', async () => {
    const model = await openModel(wire)
    model.reply({
      text: ['Hel', 'lo 😀'],
      reasoning: ['Let ', 'me'],
      usage: { input: 100, output: 50, cached: 30, reasoning: 20 },
      split: 7,
    })
    const { text, reasoning, end } = await partsOf(client(model.url))
    expect(text).toBe('Hello 😀')
    // OpenAI's own chat completions have none.
    expect(['Let me', '']).toContain(reasoning)
    expect(end).toMatchObject({
      finishReason: { unified: 'stop' },
      usage: { inputTokens: { total: 100, cacheRead: 30 }, outputTokens: { total: 50 } },
    })
    for (const finish of ['length', 'content-filter'] as const) {
      model.reply({ finish })
      expect((await partsOf(client(model.url))).end).toMatchObject({ finishReason: { unified: finish } })
    }
  })

  test('what goes wrong', async () => {
    const model = await openModel(wire)
    model.reply({ text: ['so ', 'far', '!'], cutAfter: 2 })
    expect(await partsOf(client(model.url))).toMatchObject({ text: 'so far', failed: expect.anything() })
    model.reply({ text: ['so ', 'far', '!'], errorAfter: 2 })
    const { text, parts } = await partsOf(client(model.url))
    expect(text).toBe('so far')
    // Google's client knows no error in a stream.
    expect(parts.filter(({ type }) => type === (wire === 'gemini' ? 'raw' : 'error')).length).toBeGreaterThan(0)
    model.reply({ failure: 'server' })
    expect((await partsOf(client(model.url))).failed).toMatchObject({ statusCode: 500 })
  })
})

test('ollama', async () => {
  const model = await openModel('ollama')
  const client = new Ollama({ host: model.url })
  const ask = async (seen: string[] = []) => {
    for await (const { message, done_reason, prompt_eval_count, eval_count } of await client.chat({ model: 'm', stream: true })) {
      seen.push(message.thinking ?? message.content)
      if (done_reason) seen.push(`${done_reason} ${prompt_eval_count} ${eval_count}`)
    }
    return seen
  }
  model.reply({ text: ['Hel', 'lo 😀'], reasoning: 'Let me', usage: { input: 100, output: 50 }, split: 7 })
  expect(await ask()).toEqual(['Let me', 'Hel', 'lo 😀', '', 'stop 100 50'])
  model.reply({ errorAfter: 1 })
  await expect(ask()).rejects.toThrow('unexpected EOF')
  model.reply({ failure: 'no-model' })
  await expect(ask()).rejects.toMatchObject({ status_code: 404, message: "model 'm' not found" })
  expect((await client.list()).models.map(({ name }) => name)).toEqual(model.models)
})
