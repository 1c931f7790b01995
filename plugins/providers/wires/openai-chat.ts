import type { Json } from 'ainative-code'
import { readBlock } from './blocks.ts'
import { named } from './names.ts'
import type { Wire } from './read.ts'
import { type Reply, SentError } from './reply.ts'
import { readSources } from './sources.ts'
import { countOf, isObject, keyOf, listOf, objectOf, stringOf, textIn } from './values.ts'

/** OpenAI's chat completions, and what other servers made of them. */
export const openaiChat: Wire =
  () =>
  ({ json, done, document }, reply) => {
    if (done) return reply.finish(undefined, 'certain')
    const { choices, model, usage, x_groq, object } = json
    if (Array.isArray(choices) || usage !== undefined || stringOf(object)?.startsWith('chat.completion')) reply.known()
    reply.model(model)
    for (const counts of [objectOf(x_groq).usage, usage]) readUsage(counts, reply)
    for (const choice of listOf(choices).filter(isObject)) {
      if (keyOf(choice.index) !== '0') reply.note('the reply has alternatives; only the first one is kept')
      else readChoice(choice, reply, document !== undefined || object === 'chat.completion')
    }
    // Perplexity and xAI send their sources beside the choices, with each piece.
    readSources(json.citations, reply)
    if (json.error) throw new SentError(json.error)
  }

function readChoice({ delta, message, text, finish_reason, usage, error }: Json, reply: Reply, document = false): void {
  reply.known()
  const ends = typeof finish_reason === 'string' && finish_reason !== ''
  const pieces = objectOf(delta)
  if (hasContent(pieces) || !isObject(message)) readMessage(pieces, reply)
  else readMessage(message, reply, startsWithSaid(message, reply))
  // Servers of the older completions send their text here.
  reply.add('text', text)
  readUsage(usage, reply)
  if (error) throw new SentError(error)
  if (finish_reason === 'error') throw new SentError(new Error('the reply ended with an error'))
  if (ends) reply.finish(finish_reason, 'likely')
  else if (document && isObject(message)) reply.finish(undefined, 'likely')
}

const hasContent = ({ role: _, ...delta }: Json) => Object.values(delta).some((value) => listOf(value).some((each) => each !== ''))

/** Whether the last message of a stream repeats all of the text. */
const startsWithSaid = ({ content }: Json, reply: Reply) =>
  reply.said('text') !== '' && typeof content === 'string' && content.startsWith(reply.said('text'))

/** Reads the pieces of a message, or with `whole` what is new in all of it. */
function readMessage(message: Json, reply: Reply, whole = false): void {
  readThoughts(message, reply, whole)
  for (const block of listOf(message.content)) readBlock(block, reply, {}, whole)
  reply.refuse(whole ? reply.whole : reply.add, message.refusal)
  for (const image of listOf(message.images)) readBlock(image, reply)
  readSources(message.annotations, reply)
  readAudio(objectOf(message.audio), reply)
  for (const call of [...listOf(message.tool_calls), ...listOf(message.function_call)]) readCall(objectOf(call), reply)
  for (const [name, value] of Object.entries(message)) {
    if (!KNOWN.has(name) && textIn(value) !== '') reply.note(named('passed over an unknown field of the reply', name))
  }
}

const KNOWN = new Set([
  ...['role', 'content', 'refusal', 'images', 'annotations', 'audio', 'tool_calls', 'function_call', 'name', 'id', 'type', 'object'],
  ...[
    'reasoning_content',
    'reasoning',
    'reasoning_details',
    'thinking',
    'thinking_blocks',
    'provider_specific_fields',
    'reasoning_signature',
  ],
])

/** Servers name a model's thoughts differently, and some send them twice under two names. */
function readThoughts(
  { reasoning_content, reasoning, thinking, reasoning_details, thinking_blocks }: Json,
  reply: Reply,
  whole: boolean,
): void {
  const [own, ...others] = [reasoning_content, reasoning, thinking].map(textIn).filter((each) => each !== '')
  const texts = own === undefined ? [textIn(reasoning_details) || textIn(thinking_blocks)] : [own, ...others.filter((each) => each !== own)]
  if (whole) reply.whole('reasoning', texts.join('\n\n'))
  else for (const text of texts) reply.add('reasoning', text)
}

function readAudio({ transcript, data }: Json, reply: Reply): void {
  reply.add('text', transcript)
  if (stringOf(data)) reply.note('passed over the sound of the reply')
}

function readCall({ index, id, function: own, ...call }: Json, reply: Reply): void {
  const { name, arguments: input } = objectOf(own ?? call)
  reply.call(keyOf(index, id), { id, name }, input ?? '')
}

function readUsage(value: unknown, reply: Reply): void {
  if (!isObject(value)) return
  const { prompt_tokens, completion_tokens, input_tokens, output_tokens, prompt_tokens_details, completion_tokens_details } = value
  reply.usage({
    input: countOf(prompt_tokens) ?? countOf(input_tokens),
    output: countOf(completion_tokens) ?? countOf(output_tokens),
    cached: countOf(objectOf(prompt_tokens_details).cached_tokens),
    reasoning: countOf(objectOf(completion_tokens_details).reasoning_tokens),
  })
}
