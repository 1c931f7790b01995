import { chunks, DONE, STOP, sse } from '../../helpers/http.ts'
import { event as frame } from '../../helpers/wire/bedrock.ts'

/** An answer that deviates from the documentation of its API, and what must come of it. */
export interface Deviation {
  provider: 'openai' | 'azure' | 'anthropic' | 'gemini' | 'ollama' | 'bedrock'
  /** What the server does, as in the table of docs/replies.md. */
  name: string
  body: string | Buffer
  /** By default the text is Hello, the exit code 0 and there is no note. */
  text?: string
  code?: number
  reasoning?: string
  /** Parts beside text and reasoning. */
  parts?: object[]
  note?: RegExp
}

const event = (value: { type: string }) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`
const events = (...values: object[]) => values.map((each) => event(each as { type: string })).join('')

const HELLO = chunks({ role: 'assistant', content: 'Hel' }, { content: 'lo' })
const delta = (delta: unknown, more: object = {}) => sse({ choices: [{ index: 0, delta, ...more }] })
const CALL = { index: 0, id: 'c1', function: { name: 'search', arguments: '{"q":1}' } }
const EQUAL_CALLS = [0, 1].map((index) => ({ index, function: CALL.function }))
const SOURCES = ['One', 'Two', 'Three'].map((title, at) => ({ title, url: `https://example.com/${at + 1}`, content: `page ${title}` }))
const SEARCH = { type: 'search', arguments: '{"q":1}', output: null }
/** Long enough to be no label. */
const ASIDE = 'this is said beside the reply'
const PIXEL = 'iVBORw0KGgo='

const openai: Omit<Deviation, 'provider'>[] = [
  { name: 'choices are missing or null', body: sse({ usage: null }) + sse({ choices: null }) + HELLO + STOP + DONE },
  { name: 'delta is null', body: delta(null) + HELLO + STOP + DONE },
  {
    name: 'index, role and id are missing or null',
    body: sse({ id: null, choices: [{ delta: { role: null, content: 'Hello' } }] }) + STOP,
  },
  {
    name: 'annotations have an unknown type',
    body: delta({ content: 'Hello', annotations: [{ type: 'odd', at: 1 }] }) + STOP,
    note: /sources/,
    parts: [{ type: 'source', value: { type: 'odd', at: 1 } }],
  },
  {
    name: 'sources are in other fields',
    note: /^openai: the reply contains sources, kept as a part of the message\n\w+\/m /,
    parts: [
      { type: 'source', url: 'https://example.com/1', title: 'One', value: SOURCES[0] },
      { type: 'source', url: 'https://example.com/2', title: 'Two', value: SOURCES[1] },
      { type: 'source', url: 'https://example.com/3', title: 'Three', value: SOURCES[2] },
      { type: 'source', url: 'https://example.com/4', value: { web: { uri: 'https://example.com/4' } } },
    ],
    body:
      delta({ content: 'Hel', context: { citations: [SOURCES[0]], intent: '["words"]' } }) +
      delta({ content: 'lo', provider_specific_fields: { citation: SOURCES[1] } }) +
      delta({ provider_specific_fields: { citations: [[SOURCES[1], SOURCES[2]]] } }) +
      sse({ choices: [], vertex_ai_grounding_metadata: [{ groundingChunks: [{ web: { uri: 'https://example.com/4' } }] }] }) +
      STOP,
  },
  { name: 'usage is a text', body: HELLO + STOP + sse({ choices: [], usage: { prompt_tokens: '3', completion_tokens: 'many' } }) + DONE },
  { name: 'data is empty or missing', body: `data:\n\n: ping\n\nevent: ping\n\n${HELLO}data: \n\n${STOP}` },
  {
    name: 'heartbeats have other data',
    body: `event: ping\ndata: 2026-01-01\n\n${HELLO}event: heartbeat\ndata: ok\n\nevent: keep-alive\ndata: {"n":1}\n\n${STOP}event: ping\ndata: o`,
  },
  { name: 'lines end with CR LF', body: (HELLO + STOP + DONE).replaceAll('\n', '\r\n') },
  { name: 'lines end with CR', body: (HELLO + STOP + DONE).replaceAll('\n', '\r') },
  { name: 'the answer starts with a byte order mark', body: `\ufeff${HELLO}${STOP}` },
  {
    name: 'an event is not JSON',
    body: `${chunks({ content: 'Hel' })}data: {"choices": oops\n\n${chunks({ content: 'lo' })}${STOP}`,
    note: /skipped an event that is not a JSON object/,
  },
  { name: 'no empty line separates events', body: (HELLO + STOP).replaceAll('\n\n', '\n') },
  { name: 'an event has several objects', body: `${HELLO.replaceAll('\n\ndata: ', '')}${STOP}` },
  { name: 'the last event has no final empty line', body: (HELLO + STOP).trimEnd() },
  {
    name: 'the last event is incomplete, after finish_reason',
    body: `${HELLO}${STOP}data: {"choices":[{"delta":{"content":"t text`,
    code: 1,
    note: /was cut/,
  },
  { name: 'an event is incomplete, after [DONE]', body: `${HELLO}${STOP}${DONE}data: {"choices"`, note: /the answer ends within an event/ },
  {
    name: 'one of two lines of an event is not JSON',
    body: `${(HELLO + STOP).replaceAll('\n\n', '\n')}data: oops\n\n`,
    note: /skipped an event that is not a JSON object/,
  },
  { name: 'an error event is not JSON', body: `${HELLO}event: error\ndata: upstream died\n\n${DONE}`, code: 1, note: /upstream died/ },
  {
    name: 'an error event has no error object',
    body: `${HELLO}${STOP}event: error\ndata: {"message":"upstream died"}\n\n${DONE}`,
    code: 1,
    note: /upstream died/,
  },
  {
    name: 'an object belongs to another API',
    body: HELLO + sse({ other: 'text' }) + STOP,
    note: /skipped an object of another API/,
  },
  { name: 'finish_reason is sent twice', body: HELLO + STOP + STOP + DONE },
  {
    name: 'each chunk has a finish_reason',
    body: delta({ content: 'Hel' }, { finish_reason: 'stop' }) + delta({ content: 'lo' }, { finish_reason: 'stop' }),
  },
  { name: 'text follows [DONE]', body: chunks({ content: 'Hel' }) + DONE + chunks({ content: 'lo' }) + STOP + DONE },
  {
    name: 'content is a list of parts',
    reasoning: 'Think.',
    body:
      delta({
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Think.' }] },
          { type: 'text', text: 'Hel' },
        ],
      }) +
      delta({ content: [{ type: 'text', text: 'lo' }] }) +
      STOP,
  },
  {
    name: 'content is an image',
    note: /an image \(image\/png\)/,
    parts: [{ type: 'file', mediaType: 'image/png', data: PIXEL }],
    body:
      delta({
        content: [
          { type: 'text', text: 'Hello' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
        ],
      }) + STOP,
  },
  {
    name: 'images are beside the content',
    note: /an image/,
    parts: [{ type: 'file', mediaType: 'image/*', url: 'https://example.com/1' }],
    body: delta({ content: 'Hello', images: [{ type: 'image_url', image_url: { url: 'https://example.com/1' } }] }) + STOP,
  },
  {
    name: 'a content part has an unknown type',
    note: /a part of an unknown type \(hologram\)/,
    parts: [{ type: 'other', value: { type: 'hologram', size: 3 } }],
    body:
      delta({
        content: [
          { type: 'hologram', size: 3 },
          { type: 'markdown', text: 'Hello' },
        ],
      }) + STOP,
  },
  {
    name: 'a chunk has a message in place of a delta',
    body: sse({ choices: [{ message: { content: 'Hel' } }] }) + sse({ choices: [{ message: { content: 'lo' } }] }) + STOP,
  },
  {
    name: 'the last chunk repeats the message',
    body: HELLO + sse({ choices: [{ delta: {}, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }] }),
  },
  { name: 'reasoning is in reasoning_content', body: delta({ reasoning_content: 'Think.' }) + HELLO + STOP, reasoning: 'Think.' },
  {
    name: 'reasoning is in reasoning and again in reasoning_details',
    reasoning: 'Think.',
    body: delta({ reasoning: 'Think.', reasoning_details: [{ type: 'reasoning.text', text: 'Think.' }] }) + HELLO + STOP,
  },
  {
    name: 'reasoning is only in reasoning_details',
    body: delta({ reasoning_details: [{ type: 'reasoning.summary', summary: 'Think.' }] }) + HELLO + STOP,
    reasoning: 'Think.',
  },
  {
    name: 'the reply has an unknown field with text',
    body: delta({ content: 'Hello', aside: ASIDE }) + STOP,
    note: /an unknown field of the reply \(aside\)/,
  },
  {
    name: 'an unknown field has text in short pieces',
    body: ['this', ' is', ' said', ' beside', ' the', ' reply'].map((aside) => delta({ aside })).join('') + HELLO + STOP,
    note: /an unknown field of the reply \(aside\)/,
  },
  {
    name: 'unknown fields are labels',
    body:
      sse({ message: 'success', choices: [] }) +
      ['analysis', 'in progress', 'at rest', 'final']
        .map((label) => delta({ label, channel: label, sender: 'The assistant of the house' }))
        .join('') +
      HELLO +
      STOP,
  },
  {
    name: 'a status message is beside each delta',
    body:
      delta({ content: 'Hel' }, { message: 'ok' }) +
      delta({ content: 'lo' }, { message: 'ok' }) +
      delta({}, { message: 'ok', finish_reason: 'stop' }),
  },
  { name: 'text is in the older field', body: sse({ choices: [{ text: 'Hello', finish_reason: 'stop' }] }) },
  {
    name: 'the answer is one JSON object',
    body: JSON.stringify({ object: 'chat.completion', choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }),
  },
  {
    name: 'the answer is one JSON object on several lines',
    body: JSON.stringify({ choices: [{ message: { content: 'Hello' } }] }, null, 2),
  },
  { name: 'chunks are lines of JSON', body: (HELLO + STOP).replaceAll('data: ', '').replaceAll('\n\n', '\n') },
  {
    name: 'an event is one whole answer',
    body: sse({ object: 'chat.completion', choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }),
  },
  { name: 'delta is a text', body: delta('Hel') + sse({ choices: [{ delta: [{ type: 'text', text: 'lo' }] }] }) + STOP },
  { name: 'message is a text', body: sse({ choices: [{ message: 'Hello', finish_reason: 'stop' }] }) },
  { name: 'choices are texts', body: sse({ choices: ['Hel'] }) + sse({ choices: ['lo'] }) + DONE },
  { name: 'content is beside delta', body: sse({ choices: [{ delta: {}, content: 'Hello', finish_reason: 'stop' }] }) },
  { name: 'parts are nested', body: delta({ content: [[{ type: 'text', text: 'Hel' }], ['lo']] }) + STOP },
  { name: 'the only choice has index 1', body: sse({ choices: [{ index: 1, delta: { content: 'Hello' }, finish_reason: 'stop' }] }) },
  {
    name: 'a reply has alternatives',
    body: HELLO + sse({ choices: [{ index: 1, delta: { content: 'Other' } }] }) + STOP,
    note: /^[^\n]*the reply has alternatives; only the first one is kept\n\w+\/m /,
  },
  {
    name: 'the last chunk repeats a tool call',
    note: /a tool call \(search\)/,
    parts: [{ type: 'tool-call', id: 'c1', name: 'search', input: { q: 1 } }],
    body:
      HELLO +
      delta({ tool_calls: [CALL] }) +
      sse({ choices: [{ message: { content: 'Hello', tool_calls: [CALL] }, finish_reason: 'tool_calls' }] }),
  },
  {
    name: 'two equal tool calls without id are repeated',
    note: /a tool call \(search\)/,
    parts: [
      { type: 'tool-call', name: 'search', input: { q: 1 } },
      { type: 'tool-call', name: 'search', input: { q: 1 } },
    ],
    body:
      delta({ content: 'Hello', tool_calls: EQUAL_CALLS }) +
      sse({ choices: [{ message: { content: 'Hello', tool_calls: EQUAL_CALLS }, finish_reason: 'tool_calls' }] }),
  },
  {
    name: 'tools run on the server',
    note: /a tool call \(search\).*\n.*a tool result \(search\).*\n\w+\/m /,
    parts: [
      { type: 'tool-call', id: '0', name: 'search', input: { q: 1 } },
      { type: 'tool-result', id: '0', name: 'search', output: { output: 'words', search_results: { results: SOURCES } } },
      { type: 'tool-call', id: '1', name: 'search', input: { q: 1 } },
      { type: 'tool-result', id: '1', name: 'search', output: { output: '' } },
    ],
    body:
      delta({ executed_tools: [{ index: 0, ...SEARCH }] }) +
      delta({ executed_tools: [{ index: 0, ...SEARCH, output: 'words', search_results: { results: SOURCES } }] }) +
      delta({ executed_tools: [{ index: 1, ...SEARCH, output: '' }] }) +
      HELLO +
      STOP,
  },
  {
    name: 'text is in two fields',
    body: sse({ choices: [{ delta: { content: 'Hello' }, text: 'Hello', content: 'Hello', finish_reason: 'stop' }] }),
  },
  {
    name: 'the whole message so far is beside each delta',
    body: delta({ content: 'Hel' }, { message: { content: 'Hel' } }) + delta({ content: 'lo' }, { message: { content: 'Hello' } }) + STOP,
  },
  {
    name: 'the last chunk repeats the message as parts',
    body:
      chunks({ content: 'Hel' }) +
      sse({
        choices: [
          {
            message: {
              content: [
                { type: 'text', text: 'Hell' },
                { type: 'text', text: 'o' },
              ],
            },
          },
        ],
      }) +
      STOP,
  },
  {
    name: 'an error is empty',
    body: HELLO + delta({}, { error: {}, finish_reason: 'stop' }) + sse({ error: { code: null, message: '' } }),
  },
  { name: 'content is a number', text: '42', body: delta({ content: 42 }) + STOP },
  {
    name: 'a value is nested too deeply',
    body: `data: ${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}\n\n${HELLO}${STOP}`,
    note: /a value that is nested more than 100 deep/,
  },
  { name: 'finish_reason is error', body: HELLO + delta({}, { finish_reason: 'error' }), code: 1, note: /the reply ended with an error/ },
  {
    name: 'an error is beside its finish_reason',
    body:
      chunks({ content: 'Hel' }) +
      sse({
        error: { code: 429, message: 'Provider disconnected' },
        choices: [{ index: 0, delta: { content: 'lo' }, finish_reason: 'error' }],
      }),
    code: 1,
    note: /the rate limit of openai is reached: Provider disconnected/,
  },
  {
    name: 'the model calls a tool',
    note: /a tool call \(search\)/,
    parts: [{ type: 'tool-call', id: 'c1', name: 'search', input: { q: 1 } }],
    body:
      HELLO +
      delta({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'search', arguments: '{"q"' } }] }) +
      delta({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }) +
      delta({}, { finish_reason: 'tool_calls' }),
  },
  {
    name: 'two tool calls have the same index',
    note: /a tool call \(search\).*a tool call \(open\)/s,
    parts: [
      { type: 'tool-call', id: 'c1', name: 'search', input: { q: 1 } },
      { type: 'tool-call', id: 'c2', name: 'search', input: { q: 2 } },
      { type: 'tool-call', id: 'c3', name: 'open', input: { at: 3 } },
    ],
    body:
      HELLO +
      delta({ tool_calls: [CALL, { index: 0, id: 'c2', function: { name: 'search', arguments: '{"q"' } }] }) +
      delta({ tool_calls: [{ index: 0, id: 'c2', function: { arguments: ':2}' } }] }) +
      delta({ tool_calls: [{ index: 0, id: 'c3', function: { name: 'open', arguments: '{"at":3}' } }] }) +
      delta({}, { finish_reason: 'tool_calls' }),
  },
  {
    name: 'two tool calls have neither index nor id',
    note: /a tool call \(search\)/,
    parts: [
      { type: 'tool-call', name: 'search', input: { q: 1 } },
      { type: 'tool-call', name: 'search', input: { q: 2 } },
    ],
    body:
      HELLO +
      delta({ tool_calls: [1, 2].map((q) => ({ function: { name: 'search', arguments: JSON.stringify({ q }) } })) }) +
      delta({}, { finish_reason: 'tool_calls' }),
  },
  {
    name: 'the id of a tool call changes with each piece',
    note: /a tool call \(search\)/,
    parts: [{ type: 'tool-call', id: 'b', name: 'search', input: { q: 1 } }],
    body:
      HELLO +
      delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'search', arguments: '{"q"' } }] }) +
      delta({ tool_calls: [{ index: 0, id: 'b', function: { arguments: ':1}' } }] }) +
      delta({}, { finish_reason: 'tool_calls' }),
  },
  { name: 'nothing marks the end of the reply', body: HELLO, code: 1 },
]

const responses = (...pieces: object[]) =>
  events(...pieces, { type: 'response.completed', response: { status: 'completed', usage: { input_tokens: 1, output_tokens: 1 } } })
const message = (text: string) => ({ type: 'message', id: 'm', content: [{ type: 'output_text', text, annotations: [] }] })
const functionCall = (id: string) => ({ type: 'function_call', id, call_id: 'c1', name: 'search', arguments: '{"q":1}' })
const mcpCall = (id: string, dice: number) => ({ type: 'mcp_call', id, name: 'roll', arguments: JSON.stringify({ dice }) })
const webSearch = (id: string) => ({ type: 'web_search_call', id, action: { query: 'x' } })
const place = { output_index: 0, content_index: 0 }
const THOUGHTS = [{ type: 'summary_text', text: 'Think.' }]

const azure: Omit<Deviation, 'provider'>[] = [
  { name: 'text is only in output_text.done', body: responses({ type: 'response.output_text.done', ...place, text: 'Hello' }) },
  {
    name: 'text is only in content_part.done',
    body: responses({ type: 'response.content_part.done', ...place, part: { type: 'output_text', text: 'Hello' } }),
  },
  {
    name: 'text is only in output_item.done',
    body: responses({ type: 'response.output_item.done', output_index: 0, item: message('Hello') }),
  },
  {
    name: 'text is only in response.completed',
    body: events({ type: 'response.completed', response: { status: 'completed', output: [message('Hello')] } }),
  },
  {
    name: 'the done event has more text than the pieces',
    body: responses(
      { type: 'response.output_text.delta', ...place, delta: 'Hel' },
      { type: 'response.output_text.done', ...place, text: 'Hello' },
      { type: 'response.output_item.done', output_index: 0, item: message('Hello') },
    ),
  },
  {
    name: 'the last response lacks an item',
    reasoning: 'Think.',
    body: events(
      { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'Think.' },
      { type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'Hello' },
      { type: 'response.completed', response: { output: [message('Hello')] } },
    ),
  },
  {
    name: 'a summary is only in its done event',
    reasoning: 'Think.',
    body: responses(
      { type: 'response.reasoning_summary_text.done', output_index: 0, summary_index: 0, text: 'Think.' },
      { type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'Hello' },
    ),
  },
  {
    name: 'reasoning has its own parts',
    reasoning: 'Think.',
    body: responses(
      { type: 'response.reasoning_part.added', ...place, part: { type: 'reasoning_text', text: '' } },
      { type: 'response.reasoning_text.delta', ...place, delta: 'Thi' },
      { type: 'response.reasoning_part.done', ...place, part: { type: 'reasoning_text', text: 'Think.' } },
      { type: 'response.output_text.delta', output_index: 1, delta: 'Hello' },
    ),
  },
  {
    name: 'a refusal is only in its done event',
    text: 'No.',
    body: responses({ type: 'response.refusal.done', ...place, refusal: 'No.' }),
    note: /the model refuses to answer/,
  },
  {
    name: 'the id of an item changes',
    body: responses(
      { type: 'response.output_text.delta', item_id: 'a', ...place, delta: 'Hel' },
      { type: 'response.output_text.delta', item_id: 'b', ...place, delta: 'lo' },
      { type: 'response.output_text.done', item_id: 'c', ...place, text: 'Hello' },
    ),
  },
  {
    name: 'a tool call contains its result',
    note: /a tool result \(roll\)/,
    parts: [
      { type: 'tool-call', id: 'm1', name: 'roll', input: { dice: 2 } },
      { type: 'tool-result', id: 'm1', name: 'roll', output: 'You rolled 7' },
      { type: 'tool-call', id: 'm2', name: 'roll', input: { dice: 3 } },
      { type: 'tool-result', id: 'm2', name: 'roll', output: { message: 'no dice' } },
      { type: 'tool-call', id: 'm3', name: 'roll', input: { dice: 4 } },
      { type: 'tool-result', id: 'm3', name: 'roll', output: { output: 'You rolled', error: 'and stopped' } },
    ],
    body: events(
      { type: 'response.output_item.done', output_index: 0, item: { ...mcpCall('m1', 2), output: 'You rolled 7', error: null } },
      { type: 'response.output_item.done', output_index: 1, item: { ...mcpCall('m2', 3), output: null, error: { message: 'no dice' } } },
      { type: 'response.output_item.done', output_index: 2, item: { ...mcpCall('m3', 4), output: 'You rolled', error: 'and stopped' } },
      {
        type: 'response.completed',
        response: { output: [{ ...mcpCall('m9', 2), output: 'You rolled 7' }, message('Hello')] },
      },
    ),
  },
  {
    name: 'the ids of tool calls change',
    note: /a tool call \(search\)/,
    parts: [
      { type: 'tool-call', id: 'c1', name: 'search', input: { q: 1 } },
      { type: 'tool-call', id: 'ws_1', name: 'web_search_call', input: webSearch('ws_1') },
      { type: 'tool-call', id: 'ws_2', name: 'web_search_call', input: webSearch('ws_2') },
      { type: 'tool-call', id: 'ws_8', name: 'web_search_call', input: webSearch('ws_8') },
    ],
    body: events(
      { type: 'response.output_item.done', output_index: 0, item: functionCall('fc_1') },
      { type: 'response.output_item.done', output_index: 1, item: webSearch('ws_1') },
      { type: 'response.output_item.done', output_index: 2, item: webSearch('ws_2') },
      {
        type: 'response.completed',
        response: { output: [functionCall('fc_9'), webSearch('ws_6'), webSearch('ws_7'), webSearch('ws_8'), message('Hello')] },
      },
    ),
  },
  {
    name: 'done events have indexes, and the pieces have none',
    body: responses(
      { type: 'response.output_text.delta', item_id: 'm', delta: 'Hel' },
      { type: 'response.output_text.delta', item_id: 'm', delta: 'lo' },
      { type: 'response.output_text.done', ...place, item_id: 'm', text: 'Hello' },
      { type: 'response.content_part.done', ...place, item_id: 'm', part: { type: 'output_text', text: 'Hello' } },
      { type: 'response.output_item.done', output_index: 0, item: message('Hello') },
    ),
  },
  {
    name: 'each done event has other indexes than the pieces',
    body: responses(
      { type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'Hello' },
      { type: 'response.output_text.done', output_index: 1, content_index: -1, text: 'Hello' },
      { type: 'response.content_part.done', output_index: 2, content_index: 0, part: { type: 'output_text', text: 'Hello' } },
      { type: 'response.output_item.done', output_index: 0, item: message('Hello') },
    ),
  },
  {
    name: 'two equal texts have other indexes in their done events',
    text: 'Hello\n\nHello',
    body: responses(
      { type: 'response.output_text.delta', output_index: 3, content_index: 0, delta: 'Hello' },
      { type: 'response.output_text.delta', output_index: 4, content_index: 0, delta: 'Hello' },
      { type: 'response.output_item.done', output_index: 0, item: message('Hello') },
      { type: 'response.output_item.done', output_index: 1, item: message('Hello') },
    ),
  },
  {
    name: 'two equal texts are only in their done events',
    text: 'Hello\n\nHello',
    body: responses(
      { type: 'response.output_item.done', output_index: 0, item: message('Hello') },
      { type: 'response.output_item.done', output_index: 1, item: message('Hello') },
    ),
  },
  {
    name: 'a summary repeats the pieces of reasoning',
    reasoning: 'Think.',
    body: responses(
      { type: 'response.reasoning_text.delta', output_index: 0, content_index: 0, delta: 'Think.' },
      { type: 'response.output_item.done', output_index: 0, item: { type: 'reasoning', summary: THOUGHTS } },
      { type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'Hello' },
    ),
  },
  {
    name: 'an item has its reasoning as content and as summary',
    reasoning: 'Think.',
    body: responses(
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { type: 'reasoning', summary: THOUGHTS, content: [{ type: 'reasoning_text', text: 'Think.' }] },
      },
      { type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'Hello' },
    ),
  },
  {
    name: 'an event has an unknown type',
    body: responses({ type: 'response.mood', mood: 'calm' }, { type: 'response.output_text.delta', ...place, delta: 'Hello' }),
    note: /an event of an unknown type \(response\.mood\)/,
  },
  {
    name: 'events have the rate limits of the account',
    body: responses(
      { type: 'codex.rate_limits', plan_type: 'plus' },
      { type: 'response.rate_limits.updated' },
      { type: 'response.output_text.delta', ...place, delta: 'Hello' },
    ),
  },
  {
    name: 'the type of an event is only in its name',
    body: 'event: response.output_text.delta\ndata: {"delta":"Hello"}\n\nevent: response.completed\ndata: {"response":{}}\n\n',
  },
  {
    name: 'an image is generated',
    text: 'Hello',
    note: /an image \(image\/png\)/,
    parts: [{ type: 'file', mediaType: 'image/png', data: PIXEL }],
    body: responses(
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { type: 'image_generation_call', id: 'i', status: 'completed', result: PIXEL },
      },
      { type: 'response.output_item.done', output_index: 1, item: message('Hello') },
    ),
  },
  {
    name: 'the answer is one JSON object',
    body: JSON.stringify({ object: 'response', status: 'completed', output: [message('Hello')], usage: null }),
  },
  {
    name: 'the content of an item is a text',
    body: events({ type: 'response.completed', response: { output: [{ type: 'message', content: 'Hello' }] } }),
  },
  { name: 'a delta is an object', body: responses({ type: 'response.output_text.delta', ...place, delta: { text: 'Hello' } }) },
  {
    name: 'the last response has a text that starts with another text',
    text: 'Hi\n\nHi there',
    body: events(
      { type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'Hi' },
      { type: 'response.completed', response: { output: [message('Hi there'), message('Hi')] } },
    ),
  },
  {
    name: 'the last response completes a text at another index',
    body: events(
      { type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'Hel' },
      { type: 'response.completed', response: { output: [message('Hello')] } },
    ),
  },
  {
    name: 'the last response has an additional text',
    text: 'Hello\n\nBye',
    body: events(
      { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Hello' },
      { type: 'response.completed', response: { output: [message('Bye'), message('Hello')] } },
    ),
  },
  {
    name: 'the pieces of two texts arrive as one text',
    body: events(
      { type: 'response.output_text.delta', delta: 'Hello' },
      { type: 'response.completed', response: { output: [{ type: 'message', content: ['Hel', 'lo'] }] } },
    ),
  },
  {
    name: 'a response repeats its request',
    body: responses(
      {
        type: 'response.created',
        response: { prompt: { id: 'p', variables: { text: 'words' } }, input_items: [{ content: 'words' }], input: [{ content: 'words' }] },
      },
      { type: 'response.output_text.delta', ...place, delta: 'Hello' },
    ),
  },
  {
    name: 'a started response contains text',
    body: responses(
      { type: 'response.created', response: { output: [message('Hi')] } },
      { type: 'response.output_text.delta', ...place, delta: 'Hello' },
    ),
    note: /an unknown field of the reply \(text\)/,
  },
  {
    name: 'one JSON object has the status cancelled',
    code: 1,
    body: JSON.stringify({ object: 'response', status: 'cancelled', output: [message('Hello')] }),
    note: /the response did not end \(cancelled\)/,
  },
  {
    name: 'one JSON object has the status in_progress',
    code: 1,
    body: JSON.stringify({ object: 'response', status: 'in_progress', output: [message('Hello')] }),
    note: /the response did not end \(in_progress\)/,
  },
  {
    name: 'nothing marks the end of the response',
    body: events({ type: 'response.output_text.delta', ...place, delta: 'Hello' }),
    code: 1,
  },
]

const start = (message: object = {}) => ({ type: 'message_start', message: { role: 'assistant', model: 'm', content: [], ...message } })
const stop = { type: 'message_delta', delta: { stop_reason: 'end_turn' } }
const block = (content_block: object, index = 0) => ({ type: 'content_block_start', index, content_block })
const piece = (delta: object, index = 0) => ({ type: 'content_block_delta', index, delta })
const SAY = [block({ type: 'text', text: 'Hel' }), piece({ type: 'text_delta', text: 'lo' }), { type: 'content_block_stop', index: 0 }]
const END = [stop, { type: 'message_stop' }]

const anthropic: Omit<Deviation, 'provider'>[] = [
  { name: 'text is in content_block_start', body: events(start(), ...SAY, ...END) },
  {
    name: 'reasoning is in content_block_start',
    reasoning: 'Think.',
    body: events(
      start(),
      block({ type: 'thinking', thinking: 'Thi' }),
      piece({ type: 'thinking_delta', thinking: 'nk.' }),
      block({ type: 'text', text: 'Hello' }, 1),
      ...END,
    ),
  },
  { name: 'usage is missing or null', body: events(start({ usage: null }), ...SAY, { ...stop, usage: null }, { type: 'message_stop' }) },
  {
    name: 'a delta is null, and indexes are missing',
    body: events(
      start(),
      { type: 'content_block_delta', delta: null },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hello' } },
      ...END,
    ),
  },
  {
    name: 'a delta has an unknown type',
    body: events(start(), ...SAY, piece({ type: 'mood_delta', mood: 'calm' }), ...END),
    note: /a piece of content of an unknown type \(mood_delta\)/,
  },
  {
    name: 'an event has an unknown type',
    body: events(start(), { type: 'hint' }, ...SAY, ...END),
    note: /an event of an unknown type \(hint\)/,
  },
  {
    name: 'a search runs on the server',
    note: /a tool result \(web_search_tool_result\)/,
    parts: [
      { type: 'tool-call', id: 't', name: 'web_search', input: { query: 'x' } },
      { type: 'tool-result', name: 'web_search', output: { type: 'web_search_tool_result', content: [] } },
    ],
    body: events(
      start(),
      block({ type: 'server_tool_use', id: 't', name: 'web_search', input: {} }),
      piece({ type: 'input_json_delta', partial_json: '{"query":"x"}' }),
      { type: 'content_block_stop', index: 0 },
      block({ type: 'web_search_tool_result', content: [] }, 1),
      block({ type: 'text', text: 'Hello' }, 2),
      ...END,
    ),
  },
  {
    name: 'the context is compacted',
    note: /^anthropic: the reply contains a part of an unknown type \(compaction\), kept as a part of the message\n\w+\/m /,
    parts: [{ type: 'other', value: { type: 'compaction', content: 'What was said.' } }],
    body: events(
      start(),
      block({ type: 'compaction', content: null }),
      piece({ type: 'compaction_delta', content: 'What was said.' }),
      { type: 'content_block_stop', index: 0 },
      block({ type: 'text', text: 'Hello' }, 1),
      ...END,
    ),
  },
  {
    name: 'a text has citations',
    note: /sources/,
    parts: [
      {
        type: 'source',
        url: 'https://example.com/',
        title: 'One',
        value: { type: 'web_search_result_location', url: 'https://example.com/', title: 'One' },
      },
    ],
    body: events(
      start(),
      ...SAY,
      piece({ type: 'citations_delta', citation: { type: 'web_search_result_location', url: 'https://example.com/', title: 'One' } }),
      ...END,
    ),
  },
  { name: 'message_stop is missing', body: events(start(), ...SAY, stop) },
  {
    name: 'the answer is one JSON object',
    reasoning: 'Think.',
    body: JSON.stringify({
      type: 'message',
      content: [
        { type: 'thinking', thinking: 'Think.' },
        { type: 'text', text: 'Hello' },
      ],
      stop_reason: 'end_turn',
    }),
  },
  {
    name: 'a delta is a text or a list',
    body: events(
      start(),
      { type: 'content_block_delta', index: 0, delta: 'Hel' },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: [{ text: 'lo' }] } },
      ...END,
    ),
  },
  { name: 'text is in message_delta', body: events({ ...stop, delta: { ...stop.delta, text: 'Hello' } }, { type: 'message_stop' }) },
  {
    name: 'content_block_stop repeats a tool call',
    note: /a tool call \(search\)/,
    parts: [{ type: 'tool-call', id: 't', name: 'search', input: { q: 1 } }],
    body: events(
      start(),
      ...SAY,
      block({ type: 'tool_use', id: 't', name: 'search', input: {} }, 1),
      piece({ type: 'input_json_delta', partial_json: '{"q":1}' }, 1),
      { type: 'content_block_stop', index: 1, content_block: { type: 'tool_use', id: 't', name: 'search', input: { q: 1 } } },
      ...END,
    ),
  },
  {
    name: 'message_stop repeats the message',
    body: events(start(), piece({ type: 'text_delta', text: 'Hel' }), stop, {
      type: 'message_stop',
      message: { content: [{ type: 'text', text: 'Hello' }] },
    }),
  },
  { name: 'text is in message_start', body: events(start({ content: [{ type: 'text', text: 'Hel' }] }), SAY[1] as object, ...END) },
  {
    name: 'text is in message_start and again in pieces',
    body: events(start({ content: [{ type: 'text', text: 'Hell' }] }), ...SAY, ...END),
  },
  {
    name: 'a delta has an unknown field',
    body: events(start(), ...SAY, piece({ type: 'text_delta', text: '', aside: ASIDE }), ...END),
    note: /an unknown field of the reply \(aside\)/,
  },
  { name: 'nothing marks the end of the message', body: events(start(), ...SAY), code: 1 },
]

const candidate = (parts: unknown, more: object = {}) => sse({ candidates: [{ index: 0, content: { role: 'model', parts }, ...more }] })
const STOPPED = { finishReason: 'STOP' }

const gemini: Omit<Deviation, 'provider'>[] = [
  { name: 'each chunk has STOP', body: candidate([{ text: 'Hel' }], STOPPED) + candidate([{ text: 'lo' }], STOPPED) },
  { name: 'STOP is in the first chunk', body: candidate([], STOPPED) + candidate([{ text: 'Hello' }]) },
  {
    name: 'STOP is sent before a tool runs',
    body:
      candidate([{ executableCode: { language: 'PYTHON', code: '1' } }], STOPPED) +
      candidate([{ codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } }, { text: 'Hello' }], STOPPED),
    note: /code that the provider ran/,
    parts: [
      { type: 'tool-call', name: 'code_execution', input: { language: 'PYTHON', code: '1' } },
      { type: 'tool-result', name: 'code_execution', output: { outcome: 'OUTCOME_OK', output: '1' } },
    ],
  },
  {
    name: 'two rounds have equal tool calls and results',
    body:
      candidate([{ executableCode: { code: '1' } }]) +
      candidate([{ codeExecutionResult: { output: '' } }]) +
      candidate([{ executableCode: { code: '1' } }]) +
      candidate([{ codeExecutionResult: { output: '' } }, { text: 'Hello' }], STOPPED),
    note: /code that the provider ran/,
    parts: [
      { type: 'tool-call', name: 'code_execution', input: { code: '1' } },
      { type: 'tool-result', name: 'code_execution', output: { output: '' } },
      { type: 'tool-call', name: 'code_execution', input: { code: '1' } },
      { type: 'tool-result', name: 'code_execution', output: { output: '' } },
    ],
  },
  {
    name: 'data is inline',
    note: /an image \(image\/png\)/,
    parts: [{ type: 'file', mediaType: 'image/png', data: PIXEL }],
    body: candidate([{ text: 'Hello' }, { inlineData: { mimeType: 'image/png', data: PIXEL } }], STOPPED),
  },
  {
    name: 'a part has text and data',
    note: /an image \(image\/png\)/,
    parts: [{ type: 'file', mediaType: 'image/png', data: PIXEL }],
    body: candidate([{ text: 'Hello', inlineData: { mimeType: 'image/png', data: PIXEL } }], STOPPED),
  },
  {
    name: 'a part has text and a tool call',
    note: /a tool call \(search\)/,
    parts: [{ type: 'tool-call', name: 'search', input: { q: 1 } }],
    body: candidate([{ text: 'Hello' }, { text: '', functionCall: { name: 'search', args: { q: 1 } } }], STOPPED),
  },
  { name: 'content is a list', body: sse({ candidates: [{ content: [{ parts: [{ text: 'Hello' }] }], ...STOPPED }] }) },
  { name: 'text is in the candidate', body: sse({ candidates: [{ text: 'Hello', ...STOPPED }] }) },
  {
    name: 'the only candidate has index 1',
    body: sse({ candidates: [{ index: 1, content: { parts: { text: 'Hello' } }, ...STOPPED }] }),
  },
  {
    name: 'a part has an unknown field',
    body: candidate([{ text: 'Hello', aside: ASIDE }], STOPPED),
    note: /an unknown field of the reply \(aside\)/,
  },
  {
    name: 'content is missing, or parts are null',
    body: sse({ candidates: [{}] }) + candidate(null) + candidate([{ text: 'Hello' }], STOPPED),
  },
  {
    name: 'a tool call failed, and finishMessage has the reason',
    note: /the server says: Malformed function call[\s\S]*\(malformed-function-call\)/,
    body: candidate([{ text: 'Hello' }], { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: 'Malformed function call' }),
  },
  {
    name: 'the filter blocks a reply',
    code: 1,
    note: /the content filter reports: dangerous content[\s\S]*the content filter of gemini ended the reply/,
    body: candidate([{ text: 'Hello' }], {
      finishReason: 'SAFETY',
      safetyRatings: [{ category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH', blocked: true }],
    }),
  },
  {
    name: 'a reply has sources',
    note: /sources/,
    parts: [{ type: 'source', url: 'https://example.com/', title: 'One', value: { web: { uri: 'https://example.com/', title: 'One' } } }],
    body: candidate([{ text: 'Hello' }], {
      ...STOPPED,
      groundingMetadata: { groundingChunks: [{ web: { uri: 'https://example.com/', title: 'One' } }] },
    }),
  },
  {
    name: 'the answer is an array',
    body: `[${JSON.stringify({ candidates: [{ content: { parts: [{ text: 'Hel' }] } }] }, null, 2)}\n,\r\n${JSON.stringify({ candidates: [{ content: { parts: [{ text: 'lo' }] }, ...STOPPED }] })}]`,
  },
  {
    name: 'the answer is one JSON object',
    body: JSON.stringify({ candidates: [{ content: { parts: [{ text: 'Hello' }] }, ...STOPPED }] }),
  },
  {
    name: 'the array is incomplete, after STOP',
    body: `[${JSON.stringify({ candidates: [{ content: { parts: [{ text: 'Hello' }] }, ...STOPPED }] })},\n{"candidates":[{"content"`,
    code: 1,
    note: /was cut/,
  },
  { name: 'one JSON object has no finishReason', body: JSON.stringify({ candidates: [{ content: { parts: [{ text: 'Hello' }] } }] }) },
  { name: 'nothing marks the end of the reply', body: candidate([{ text: 'Hello' }]), code: 1 },
]

const line = (value: object) => `${JSON.stringify(value)}\n`
const OLLAMA = line({ message: { content: 'Hel' }, done: false }) + line({ message: { content: 'lo' }, done: true, done_reason: 'stop' })
const OLLAMA_CALL = { function: { name: 'search', arguments: { q: 1 } } }

const ollama: Omit<Deviation, 'provider'>[] = [
  { name: 'the answer is one JSON object', body: JSON.stringify({ message: { content: 'Hello' }, done: true }, null, 2) },
  {
    name: 'a line is not JSON',
    body: OLLAMA.replace('\n', '\n{"message": {"content"\n'),
    note: /skipped a line that is not a JSON object/,
  },
  { name: 'the first line is not JSON', body: `{"message": {"content"\n${OLLAMA}`, note: /skipped a line that is not a JSON object/ },
  { name: 'empty lines separate the lines', body: OLLAMA.replaceAll('\n', '\r\n\r\n') },
  { name: 'lines are sent as events', body: OLLAMA.replaceAll('{"message', 'data: {"message').replaceAll('\n', '\n\n') },
  { name: 'message is a text', body: line({ message: 'Hello', done: true }) },
  {
    name: 'message has text and reasoning',
    body: line({ message: { reasoning: 'Think.', text: 'Hello' }, done: true }),
    reasoning: 'Think.',
  },
  {
    name: 'two tool calls are equal',
    note: /a tool call/,
    parts: [
      { type: 'tool-call', id: 'c1', name: 'search', input: { q: 1 } },
      { type: 'tool-call', name: 'search', input: { q: 1 } },
      { type: 'tool-call', name: 'search', input: { q: 1 } },
    ],
    body:
      line({ message: { content: 'Hello', tool_calls: [{ id: 'c1', ...OLLAMA_CALL }] } }) +
      line({ message: { tool_calls: [OLLAMA_CALL, OLLAMA_CALL] }, done: true }),
  },
  {
    name: 'the message has an unknown field',
    body: line({ message: { content: 'Hello', aside: ASIDE }, done: true }),
    note: /an unknown field of the reply \(aside\)/,
  },
  { name: 'nothing marks the end of the reply', body: line({ message: { content: 'Hello' }, done: false }), code: 1 },
]

const said = (text: string, at = 0) => frame('contentBlockDelta', { contentBlockIndex: at, delta: { text } })
const STOP_FRAME = frame('messageStop', { stopReason: 'end_turn' })
/** A frame whose last checksum is wrong. */
const DAMAGED = Buffer.concat([said('lost').subarray(0, -4), Buffer.alloc(4)])
const CITATION = { title: 'One', sourceContent: [{ text: 'source' }], location: {} }
const WEB_CITATION = { location: { web: { url: 'https://example.com/', domain: 'example.com' } } }

const bedrock: Omit<Deviation, 'provider'>[] = [
  { name: 'metadata is missing', body: Buffer.concat([said('Hel'), said('lo'), STOP_FRAME]) },
  { name: 'a frame is damaged', body: Buffer.concat([said('Hel'), DAMAGED, said('lo'), STOP_FRAME]), note: /skipped a damaged frame/ },
  {
    name: 'the last frame is incomplete',
    body: Buffer.concat([said('Hello'), STOP_FRAME, said('more').subarray(0, 20)]),
    code: 1,
    note: /was cut/,
  },
  {
    name: 'an event has an unknown type',
    body: Buffer.concat([frame('mood', { mood: 'calm' }), said('Hello'), STOP_FRAME]),
    note: /an event of an unknown type \(mood\)/,
  },
  {
    name: 'the answer is one JSON object',
    reasoning: 'Think.',
    body: JSON.stringify({
      output: { message: { content: [{ reasoningContent: { reasoningText: { text: 'Think.' } } }, { text: 'Hello' }] } },
      stopReason: 'end_turn',
    }),
  },
  {
    name: 'a text is beside its citations',
    text: 'Hello there',
    note: /^bedrock: the reply contains sources, kept as a part of the message\n\w+\/m /,
    parts: [
      { type: 'source', title: 'One', value: CITATION },
      { type: 'source', url: 'https://example.com/', value: WEB_CITATION },
    ],
    body: JSON.stringify({
      output: {
        message: {
          content: [{ text: 'Hello' }, { citationsContent: { content: [{ text: ' there' }], citations: [CITATION, WEB_CITATION] } }],
        },
      },
      stopReason: 'end_turn',
    }),
  },
  {
    name: 'a tool runs on the server',
    note: /a tool result \(nova_grounding\)/,
    parts: [
      { type: 'tool-call', id: 't', name: 'nova_grounding', input: {} },
      { type: 'tool-result', id: 't', name: 'nova_grounding', status: 'success', output: [{ text: 'found ' }, { text: 'words' }] },
    ],
    body: Buffer.concat([
      frame('contentBlockStart', { contentBlockIndex: 0, start: { toolUse: { toolUseId: 't', name: 'nova_grounding' } } }),
      frame('contentBlockDelta', { contentBlockIndex: 0, delta: { toolUse: { input: '{}' } } }),
      frame('contentBlockStop', { contentBlockIndex: 0 }),
      frame('contentBlockStart', {
        contentBlockIndex: 1,
        start: { toolResult: { toolUseId: 't', type: 'nova_grounding_result', status: 'success' } },
      }),
      frame('contentBlockDelta', { contentBlockIndex: 1, delta: { toolResult: [{ text: 'found ' }] } }),
      frame('contentBlockDelta', { contentBlockIndex: 1, delta: { toolResult: [{ text: 'words' }] } }),
      said('Hello', 2),
      STOP_FRAME,
    ]),
  },
  {
    name: 'one JSON object has a tool call and its result',
    note: /a tool result/,
    parts: [
      { type: 'tool-call', id: 't', name: 'search', input: { q: 1 } },
      { type: 'tool-result', id: 't', output: [{ text: 'words' }] },
    ],
    body: JSON.stringify({
      output: {
        message: {
          content: [
            { toolUse: { toolUseId: 't', name: 'search', input: { q: 1 } } },
            { toolResult: { toolUseId: 't', content: [{ text: 'words' }] } },
            { text: 'Hello' },
          ],
        },
      },
      stopReason: 'end_turn',
    }),
  },
  { name: 'a delta is a text', body: Buffer.concat([frame('contentBlockDelta', { contentBlockIndex: 0, delta: 'Hello' }), STOP_FRAME]) },
  { name: 'nothing marks the end of the message', body: said('Hello'), code: 1 },
]

const of = (provider: Deviation['provider'], rows: Omit<Deviation, 'provider'>[]): Deviation[] => rows.map((row) => ({ provider, ...row }))

export const DEVIATIONS: Deviation[] = [
  ...of('openai', openai),
  ...of('azure', azure),
  ...of('anthropic', anthropic),
  ...of('gemini', gemini),
  ...of('ollama', ollama),
  ...of('bedrock', bedrock),
]
