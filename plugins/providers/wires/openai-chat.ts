import type { Json } from 'ainative-code'
import { readBlock } from './blocks.ts'
import { named } from './names.ts'
import { callTitle } from './parts.ts'
import type { Wire } from './read.ts'
import { type Reply, SentError } from './reply.ts'
import { readSources } from './sources.ts'
import type { Add } from './text-block.ts'
import { noteUnread } from './unread.ts'
import { reportedCost } from './usage.ts'
import { countOf, isNothing, isObject, isString, keyOf, listOf, objectAs, objectOf, shallow, stringOf, textIn } from './values.ts'

/** OpenAI's chat completions, and what other servers made of them. */
export const openaiChat: Wire = () => {
  let hasPieces = false
  return ({ json, document }, reply) => {
    const { choices, model, usage, x_groq, object } = json
    if (Array.isArray(choices) || stringOf(object)?.startsWith('chat.completion')) reply.markKnown()
    reply.setModel(model)
    for (const counts of [objectOf(x_groq).usage, usage]) readUsage(counts, reply)
    const kept = listOf(choices)
      .map((each) => objectAs('text', each))
      .filter(({ index }) => reply.isFirst(index))
    for (const choice of kept) {
      hasPieces ||= hasContent(objectAs('content', choice.delta))
      // An error beside the choices says more than a finish_reason.
      const error = isNothing(json.error) ? choice.error : json.error
      readChoice({ ...choice, error }, reply, { hasPieces, document: document !== undefined || object === 'chat.completion' })
    }
    // Perplexity and xAI send their sources beside the choices, with each piece.
    readSources(json.citations, reply)
    // LiteLLM sends what Gemini found as Gemini does.
    for (const found of listOf(json.vertex_ai_grounding_metadata)) readSources(objectOf(found).groundingChunks, reply)
    if (!isNothing(json.error)) throw new SentError(json.error)
    noteUnread({ ...json, choices: kept }, reply)
  }
}

/** What the reader of a choice knows of the whole answer: whether any text has come in a delta, and whether the answer is no stream. */
interface Surroundings {
  hasPieces: boolean
  document: boolean
}

function readChoice(choice: Json, reply: Reply, { hasPieces, document }: Surroundings): void {
  const { delta, message, text, content, finish_reason, usage, error } = choice
  reply.markKnown()
  const pieces = objectAs('content', delta)
  if (hasContent(pieces)) readMessage(pieces, reply)
  const all = hasPieces && isStatus(message, reply) ? {} : objectAs('content', message)
  if (hasContent(all)) readMessage(all, reply, hasContent(pieces) || startsWithSaid(all, reply))
  // Servers of the older completions send their text here, and some send it beside the delta once more.
  const texts = [pieces.content, all.content].map(textIn)
  for (const other of [text, content]) {
    if (!texts.includes(textIn(other))) readBlock(other, reply)
    texts.push(textIn(other))
  }
  readUsage(usage, reply)
  if (!isNothing(error)) throw new SentError(error)
  if (finish_reason === 'error') throw new SentError(new Error('the reply ended with an error'))
  if (stringOf(finish_reason)) reply.finish(finish_reason, 'likely')
  else if (document && hasContent(all)) reply.finish(undefined, 'likely')
}

const hasContent = ({ role: _, ...message }: Json) => Object.values(message).some((value) => listOf(value).some((each) => each !== ''))

/** Whether the last message of a stream repeats all of the text. */
const startsWithSaid = ({ content }: Json, reply: Reply) =>
  reply.textSoFar('text') !== '' && textIn(content).startsWith(reply.textSoFar('text'))

/** Whether a message beside pieces is the status of the answer, such as "ok": text that does not repeat what was said. */
const isStatus = (message: unknown, reply: Reply) =>
  isString(message) && reply.textSoFar('text') !== '' && !startsWithSaid({ content: message }, reply)

/** Reads the pieces of a message, or with `whole` what is new in all of it. */
function readMessage(message: Json, reply: Reply, whole = false): void {
  const add = whole ? reply.addWhole : reply.add
  readThoughts(message, add)
  for (const block of whole ? joined(listOf(message.content)) : listOf(message.content)) readBlock(block, reply, {}, add)
  reply.addRefusal(add, message.refusal)
  for (const image of listOf(message.images)) readBlock(image, reply, {}, add)
  // The other two are those of Azure's own data, and of LiteLLM.
  const { citation, citations } = objectOf(message.provider_specific_fields)
  readSources([message.annotations, objectOf(message.context).citations, citation, citations], reply)
  for (const tool of listOf(message.executed_tools)) readExecuted(objectOf(tool), reply)
  readAudio(objectOf(message.audio), reply, add)
  const calls = [...listOf(message.tool_calls), ...listOf(message.function_call)]
  for (const [at, call] of calls.entries()) readCall(objectOf(call), at, reply, whole)
}

/** The same blocks with all that is text in a single one. */
function joined(blocks: unknown[]): unknown[] {
  const isText = (block: unknown) => isString(block) || isString(objectOf(block).text)
  return [blocks.filter(isText).map(textIn).join(''), ...blocks.filter((block) => !isText(block))]
}

/** Servers name a model's thoughts differently, and some send them twice under two names. */
function readThoughts({ reasoning_content, reasoning, thinking, reasoning_details, thinking_blocks }: Json, add: Add): void {
  const [own, ...others] = [reasoning_content, reasoning, thinking].filter((each) => textIn(each) !== '')
  const texts =
    own === undefined
      ? [textIn(reasoning_details) || textIn(thinking_blocks)]
      : [own, ...others.filter((each) => textIn(each) !== textIn(own))]
  for (const text of texts) add('reasoning', text)
}

function readAudio({ transcript, data }: Json, reply: Reply, add: Add): void {
  add('text', transcript)
  if (stringOf(data)) reply.note('passed over the sound of the reply')
}

/** Reads a tool that Groq ran: it comes before its result, and once more with it. */
function readExecuted({ index, type, name = type, arguments: input = null, ...rest }: Json, reply: Reply): void {
  const call = { ...(typeof index === 'number' && { id: String(index) }), name }
  const results = Object.entries(rest).filter(([, value]) => value !== null)
  reply.addPart({ type: 'tool-call', ...call, input: shallow(input) }, callTitle(name))
  if (results.length > 0) reply.addPart({ type: 'tool-result', ...call, output: Object.fromEntries(results) }, named('a tool result', name))
}

/** Reads a call, or a piece of one, that stands at `at` in its list. A call that comes again whole is the same part once more, which counts once. */
function readCall({ index, id, function: own, ...call }: Json, at: number, reply: Reply, whole: boolean): void {
  const { name, arguments: input } = objectOf(own ?? call)
  reply.addCall(`${whole ? 'whole ' : ''}${keyOf(index, id, at)}`, { id, name }, input ?? '')
}

function readUsage(value: unknown, reply: Reply): void {
  if (!isObject(value)) return
  const { prompt_tokens, completion_tokens, input_tokens, output_tokens, prompt_tokens_details, completion_tokens_details } = value
  const { cached_tokens, cache_write_tokens } = objectOf(prompt_tokens_details)
  reply.setCost(reportedCost(value))
  reply.addUsage({
    input: countOf(prompt_tokens) ?? countOf(input_tokens),
    output: countOf(completion_tokens) ?? countOf(output_tokens),
    // DeepSeek has a name of its own.
    cached: countOf(cached_tokens) ?? countOf(value.prompt_cache_hit_tokens),
    cache_write: countOf(cache_write_tokens),
    reasoning: countOf(objectOf(completion_tokens_details).reasoning_tokens),
  })
}
