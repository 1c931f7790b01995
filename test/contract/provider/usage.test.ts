import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { homeAt, removeHome } from '../../helpers/cli.ts'
import { chunks, DONE, STOP, sse } from '../../helpers/http.ts'
import { lastMessages } from '../../helpers/messages.ts'
import { usePlugins } from '../../helpers/plugins.ts'
import { event as frame } from '../../helpers/wire/bedrock.ts'
import { readBody, WIRES } from '../../helpers/wire/read.ts'
import { openChat } from './chat.ts'
import { ROWS, type Row } from './rows.ts'

const event = (value: { type: string }) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`

const chat = (usage: unknown) => chunks({ content: 'Hello' }) + STOP + sse({ choices: [], usage }) + DONE

const responses = (usage: unknown) =>
  event({ type: 'response.output_text.delta', delta: 'Hello' } as { type: string }) +
  event({ type: 'response.completed', response: { status: 'completed', usage } } as { type: string })

const messages = (start: unknown, end: unknown) =>
  [
    { type: 'message_start', message: { role: 'assistant', content: [], usage: start } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: end },
    { type: 'message_stop' },
  ]
    .map(event)
    .join('')

const converse = (usage: object) =>
  Buffer.concat([
    frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hello' } }),
    frame('messageStop', { stopReason: 'end_turn' }),
    frame('metadata', { usage }),
  ])

const gemini = (usageMetadata: unknown) =>
  sse({ candidates: [{ content: { parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }], usageMetadata })

const ollama = (counts: object) => `${JSON.stringify({ message: { content: 'Hello' }, done: true, ...counts })}\n`

const dollars = (amount: number) => ({ amount, currency: 'USD', source: 'reported' })

const CASES: [name: string, wire: keyof typeof WIRES, body: string | Buffer, usage?: object, cost?: object][] = [
  [
    'cache writes of both kinds are parts of the input',
    'anthropic',
    messages(
      {
        ...{ input_tokens: 3, cache_read_input_tokens: 100, cache_creation_input_tokens: 60 },
        cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 40 },
      },
      { output_tokens: 7, server_tool_use: { web_search_requests: 2 } },
    ),
    { input: 163, output: 7, cached: 100, cache_write: 20, cache_write_1h: 40, web_searches: 2 },
  ],
  [
    'a later total replaces an earlier one',
    'anthropic',
    messages(
      { input_tokens: 3, cache_creation_input_tokens: 0, cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 } },
      { input_tokens: 5, output_tokens: 7, cache_creation_input_tokens: 60 },
    ),
    { input: 65, output: 7, cache_write: 60, cache_write_1h: 0 },
  ],
  [
    'cache writes without a total are added up',
    'anthropic',
    messages({ input_tokens: 3, cache_creation: { ephemeral_1h_input_tokens: 40 } }, { output_tokens: 7 }),
    { input: 43, output: 7, cache_write: 0, cache_write_1h: 40 },
  ],
  [
    'cache writes of an unknown kind are counted as those of five minutes',
    'anthropic',
    messages({ input_tokens: 3, cache_creation_input_tokens: 60, cache_creation: null }, { output_tokens: 7 }),
    { input: 63, output: 7, cache_write: 60 },
  ],
  ['an unknown count is absent', 'anthropic', messages({ input_tokens: 3 }, { output_tokens: 7 }), { input: 3, output: 7 }],
  [
    'a router charges for a model of another API',
    'anthropic',
    messages({ input_tokens: 3 }, { output_tokens: 7, cost: 0.0005 }),
    { input: 3, output: 7 },
    dollars(0.0005),
  ],
  [
    'a router sends what it charges',
    'openai',
    chat({ prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 3 }, cost: 0.00042 }),
    { input: 10, output: 5, cached: 4, cache_write: 3 },
    dollars(0.00042),
  ],
  [
    'a cost is a sum of others',
    'openai',
    chat({ prompt_tokens: 10, completion_tokens: 5, cost: { input_tokens_cost: 0.1, request_cost: 0.2, total_cost: 0.3 } }),
    { input: 10, output: 5 },
    dollars(0.3),
  ],
  ['a cost is text', 'openai', chat({ prompt_tokens: 10, cost: '0.25' }), { input: 10 }, dollars(0.25)],
  ['nothing is charged', 'openai', chat({ prompt_tokens: 10, cost: 0 }), { input: 10 }, dollars(0)],
  ...([-1, null, 'free', '', true, {}, [1], { total_cost: 'x' }] as unknown[]).map((cost): (typeof CASES)[number] => [
    `the cost ${JSON.stringify(cost)} is unknown`,
    'openai',
    chat({ prompt_tokens: 10, cost }),
    { input: 10 },
  ]),
  [
    'DeepSeek has its own name for what came from a cache',
    'openai',
    chat({ prompt_tokens: 10, prompt_cache_hit_tokens: 6, prompt_cache_miss_tokens: 4 }),
    { input: 10, cached: 6 },
  ],
  ['a count is no whole number', 'openai', chat({ prompt_tokens: 10.5, completion_tokens: 1e300 }), undefined],
  [
    'the Responses API of a router',
    'azure',
    responses({ input_tokens: 10, input_tokens_details: { cached_tokens: 4 }, output_tokens: 5, cost: 0.01 }),
    { input: 10, output: 5, cached: 4 },
    dollars(0.01),
  ],
  [
    'what the tools of Google read is sent as well',
    'gemini',
    gemini({
      promptTokenCount: 10,
      toolUsePromptTokenCount: 90,
      cachedContentTokenCount: 4,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 2,
    }),
    { input: 100, output: 7, cached: 4, reasoning: 2 },
  ],
  [
    'Bedrock names how long a cache is kept',
    'bedrock',
    converse({
      ...{ inputTokens: 3, outputTokens: 7, cacheReadInputTokens: 100, cacheWriteInputTokens: 60 },
      cacheDetails: [
        { ttl: '1h', inputTokens: 40 },
        { ttl: '5m', inputTokens: 20 },
      ],
    }),
    { input: 163, output: 7, cached: 100, cache_write: 20, cache_write_1h: 40 },
  ],
  [
    'Bedrock names no times',
    'bedrock',
    converse({ inputTokens: 3, outputTokens: 7, cacheWriteInputTokens: 60, cacheDetails: null }),
    { input: 63, output: 7, cache_write: 60 },
  ],
  ['Ollama has no caches', 'ollama', ollama({ prompt_eval_count: 3, eval_count: 7 }), { input: 3, output: 7 }],
]

test.each(CASES)('%s (%s)', async (_, wire, body, usage, cost) => {
  const pieces = (async function* () {
    yield Buffer.from(body)
  })()
  const { others, error } = await readBody(pieces, WIRES[wire])
  expect(error).toBeUndefined()
  const end = Object.assign({}, ...others)
  expect({ usage: end.usage, cost: end.cost }).toEqual({ usage, cost })
})

test('a reported cost is part of the message in the session, its export and queries', async () => {
  const { home, model, askHere, stored } = await openChat(ROWS.find(({ wire }) => wire === 'openai-chat') as Row)
  model.reply({ usage: { input: 100, output: 50 }, cost: 0.00123 })
  expect(await askHere('hi')).toMatchObject({ code: 0 })
  expect((await stored())[1]).toMatchObject({ usage: { input: 100, output: 50 }, cost: dollars(0.00123) })
  expect(await home.ok('query', '$sum(sessions.messages.cost.amount)')).toBe('0.00123\n')
})

/** What a provider of a user's yields after the text, and what is stored of it. */
const YIELDS: [name: string, chunk: string, known: object][] = [
  ['counts that are no whole numbers', "{ usage: { input: 1.5, output: 'many', cached: -1, reasoning: 3 } }", { usage: { reasoning: 3 } }],
  ['no count that is known', '{ usage: { total: 5 } }', {}],
  ['a list of counts', '{ usage: [1, 2] }', {}],
  ['a cost that is a number', '{ usage: { input: 2 }, cost: 0.5 }', { usage: { input: 2 } }],
  ['an amount that is none', "{ cost: { amount: NaN, currency: 'USD', source: 'reported' } }", {}],
  ['a cost', "{ cost: { amount: 2, currency: 'EUR', source: 'computed' } }", { cost: { amount: 2, currency: 'EUR', source: 'computed' } }],
]

/** Fields that a hook gives to messages, and that are refused. */
const FIELDS: [field: string, value: string][] = [
  ['usage', '{ input: -1 }'],
  ['usage', '{ total: 1 }'],
  ['cost', '0.5'],
  ['cost', "{ amount: Infinity, currency: 'USD', source: 'reported' }"],
  ['cost', "{ amount: 1, currency: 'dollars', source: 'reported' }"],
]

/** The plugin of all these cases, which is compiled once: the model names what it yields, a variable what its hook adds. */
const MINE = `const fields = [${FIELDS.map(([field, value]) => `{ ${field}: ${value} }`).join()}]
export default {
  name: 'mine',
  apply({ hooks, env }) {
    const added = fields[env.ADDED]
    if (added) hooks.saving.tap('mine', (change) => ({ ...change, append: change.append?.map((each) => ({ ...each, ...added })) }))
    hooks.providers.tap('mine', ({ add }) => add({ name: 'mine', reply }))
  },
}
async function* reply({ model }) {
  yield 'Hello'
  yield { finish_reason: 'stop', ...[${YIELDS.map(([, chunk]) => chunk).join()}][model] }
}`

const home = homeAt(fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-test-')))
beforeAll(() => void usePlugins(home, { 'mine.ts': MINE }))
afterAll(() => removeHome(home.dir))

test.each(YIELDS.map((row, i) => [...row, i] as const))("a provider of a user's that gives %s", async (_, __, known, i) => {
  expect(await home.run('chat', '--provider', 'mine', '--model', String(i), 'hi')).toMatchObject({ code: 0, stdout: 'Hello\n' })
  const [, answer] = await lastMessages(home)
  expect({ usage: answer?.usage, cost: answer?.cost }).toEqual({ usage: undefined, cost: undefined, ...known })
})

test.each(FIELDS.map((row, i) => [...row, i] as const))('a plugin cannot store %s: %s', async (field, _, i) => {
  const { code, stderr } = await home.runWith({ env: { ADDED: String(i) } }, 'chat', '--provider', 'mine', '--model', 'm', 'hi')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining(`returned a change with an invalid append.0.${field}: expected`),
  })
})
