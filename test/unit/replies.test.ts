import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEVIATIONS } from '../contract/provider/deviations.ts'
import { rounds } from '../helpers/thin.ts'
import { event as frame } from '../helpers/wire/bedrock.ts'
import { readPieces, WIRES } from '../helpers/wire/read.ts'

const FRAMES = Buffer.concat([
  frame('messageStart', { role: 'assistant' }),
  frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hel' } }),
  frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'lo é 😀' } }),
  frame('messageStop', { stopReason: 'end_turn' }),
  frame('metadata', { usage: { inputTokens: 1, outputTokens: 2 } }),
])

const BODIES = [
  ...DEVIATIONS.map(({ provider, name, body }) => ({
    label: `${provider}: ${name}`,
    wire: WIRES[provider],
    bytes: Buffer.from(body as string),
  })),
  { label: 'bedrock: frames', wire: WIRES.bedrock, bytes: FRAMES },
]

const cut = (bytes: Buffer, places: number[]): Uint8Array[] => {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b)
  return [...ends, bytes.length].map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end))
}

test.each(BODIES)('$label gives the same however its bytes are cut', async ({ wire, bytes }) => {
  const whole = await readPieces([bytes], wire)
  const each = [...bytes].map((byte) => Buffer.of(byte))
  expect(await readPieces(each, wire)).toEqual(whole)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 12 }), async (places) => {
      expect(await readPieces(cut(bytes, places), wire)).toEqual(whole)
    }),
    { numRuns: rounds(20) },
  )
})

type Tree = { [name: string]: unknown }

/** Documented answers without deviations. */
const STREAMS: Record<keyof typeof WIRES, Tree[]> = {
  openai: [
    {
      id: 'c',
      object: 'chat.completion.chunk',
      model: 'm',
      choices: [{ index: 0, delta: { role: 'assistant', content: 'Hel' }, finish_reason: null }],
    },
    { id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta: { content: 'lo' }, finish_reason: 'stop' }] },
  ],
  azure: [
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Hel' },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'lo' },
    { type: 'response.completed', response: { status: 'completed', usage: { input_tokens: 1, output_tokens: 2 } } },
  ],
  anthropic: [
    { type: 'message_start', message: { model: 'm', content: [], usage: { input_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
    { type: 'message_stop' },
  ],
  gemini: [
    { candidates: [{ content: { role: 'model', parts: [{ text: 'Hel' }] } }] },
    { candidates: [{ content: { role: 'model', parts: [{ text: 'lo' }] }, finishReason: 'STOP' }], usageMetadata: { promptTokenCount: 1 } },
  ],
  ollama: [
    { model: 'm', message: { role: 'assistant', content: 'Hel' }, done: false },
    { model: 'm', message: { role: 'assistant', content: 'lo' }, done: true, done_reason: 'stop' },
  ],
  bedrock: [],
}

const written = (records: unknown[]) => [Buffer.from(records.map((each) => `data: ${JSON.stringify(each)}\n\n`).join(''))]
/** Any JSON, and often what an object of JavaScript inherits. */
const VALUE = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', { toString: null }, { toJSON: null }, { length: -1 }, ['x'], { text: null }),
)
const UNKNOWN = fc.dictionary(fc.stringMatching(/^x_[a-z]{1,6}$/), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 })
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same value with unknown fields in each of its objects. */
function withFields(value: unknown, fields: Tree): unknown {
  if (Array.isArray(value)) return value.map((each) => withFields(each, fields))
  if (!isTree(value)) return value
  return { ...Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withFields(each, fields)])), ...fields }
}

/** The places of a value, as paths of names. */
const pathsOf = (value: unknown, path: string[] = []): string[][] => [
  path,
  ...(typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, each]) => pathsOf(each, [...path, name])) : []),
]

function replaced(value: unknown, [name, ...rest]: string[], by: unknown): unknown {
  if (name === undefined) return by
  const copy = structuredClone(value) as Tree
  copy[name] = replaced(copy[name], rest, by)
  return copy
}

describe.each(Object.entries(STREAMS).filter(([, records]) => records.length > 0))('%s', (name, records) => {
  const wire = WIRES[name as keyof typeof WIRES]

  test('no unknown field or event changes the text or the end', async () => {
    await fc.assert(
      fc.asyncProperty(UNKNOWN, fc.nat(records.length - 1), fc.jsonValue({ maxDepth: 2 }), async (fields, at, extra) => {
        const event = isTree(extra) ? withFields({ type: 'x_event', x_data: extra }, fields) : { x_event: extra }
        const given = records.map((record) => withFields(record, fields)).toSpliced(at, 0, event)
        const { text, others, error } = await readPieces(written(given), wire)
        expect({ text, error }).toEqual({ text: 'Hello', error: undefined })
        expect(others.at(-1)).toMatchObject({ finish_reason: 'stop' })
      }),
      { numRuns: rounds(200) },
    )
  })

  test('no value in any place is a fault of the program', async () => {
    const paths = records.flatMap((record, at) => pathsOf(record, [String(at)]))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), VALUE, async (path, value) => {
        const { error } = await readPieces(written(Object.values(replaced(records, path, value) as Tree)), wire)
        for (const kind of [TypeError, RangeError, ReferenceError, SyntaxError]) expect(error).not.toBeInstanceOf(kind)
      }),
      { numRuns: rounds(500) },
    )
  })
})

/** Fields of documented answers whose text is not the model's, or is read elsewhere. */
const FIELDS: Record<string, Tree> = {
  openai: {
    provider: 'One',
    obfuscation: 'xyz',
    choices: [
      {
        index: 0,
        native_finish_reason: 'end_turn',
        logprobs: { content: [{ token: 'Hi', logprob: -1, top_logprobs: [] }], refusal: null },
        delta: { content: '', tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '{"text":"a"}' } }] },
      },
    ],
  },
  azure: {
    type: 'response.created',
    response: {
      instructions: [{ role: 'system', content: 'Be kind.' }],
      text: { format: { type: 'json_schema', schema: { properties: { message: { type: 'string', description: 'The message' } } } } },
      reasoning: { effort: 'low', summary: 'auto' },
      tools: [{ type: 'function', name: 'f', description: 'A tool' }],
    },
  },
  anthropic: {
    type: 'content_block_start',
    index: 1,
    content_block: { type: 'mcp_tool_use', id: 't', name: 'f', server_name: 's', input: { content: 'a', text: 'b' } },
  },
  gemini: { candidates: [{ content: { parts: [{ functionCall: { name: 'f', args: { text: 'a' } }, thoughtSignature: 'abc' }] } }] },
}

test.each(Object.entries(FIELDS))('%s: text that is not of the model gives no note', async (name, record) => {
  const records = STREAMS[name as keyof typeof WIRES]
  const { text, others } = await readPieces(written([record, ...records]), WIRES[name as keyof typeof WIRES])
  expect(text).toBe('Hello')
  expect(others.flatMap(({ note }) => note ?? []).filter((note) => /unknown/.test(note))).toEqual([])
})
