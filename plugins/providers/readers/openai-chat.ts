import type { Json } from 'ainative-code'
import { readBlock } from './blocks.ts'
import { named } from './names.ts'
import { callTitle, REPEATED } from './parts.ts'
import type { MakeReader } from './read.ts'
import { type Reply, SentError } from './reply.ts'
import { readSources } from './sources.ts'
import type { AddText } from './text-block.ts'
import { noteUnreadFields } from './unread-fields.ts'
import { reportedCost } from './usage.ts'
import { countOf, isNothing, isObject, isString, keyOf, listOf, objectAs, objectOf, parseArguments, stringOf, textIn } from './values.ts'

/** Reads OpenAI's chat completions, and the variants of other servers. */
export const openaiChat: MakeReader = () => {
  let hasPieces = false
  return ({ json, document }, reply) => {
    const { choices, model, usage, x_groq, object } = json
    if (Array.isArray(choices) || stringOf(object)?.startsWith('chat.completion')) reply.markKnown()
    reply.setModel(model)
    for (const counts of [objectOf(x_groq).usage, usage]) readUsage(counts, reply)
    const first = listOf(choices)
      .map((each) => objectAs('text', each))
      .filter(({ index }) => reply.isFirst(index))
    for (const choice of first) {
      hasPieces ||= hasContent(objectAs('content', choice.delta))
      // An error next to the choices is more precise than a finish_reason.
      const error = isNothing(json.error) ? choice.error : json.error
      readChoice({ ...choice, error }, reply, { hasPieces, document: document !== undefined || object === 'chat.completion' })
    }
    // Perplexity and xAI send their sources next to the choices, with each piece.
    readSources(json.citations, reply)
    // LiteLLM forwards Gemini's sources in the form of Gemini's API.
    for (const found of listOf(json.vertex_ai_grounding_metadata)) readSources(objectOf(found).groundingChunks, reply)
    if (!isNothing(json.error)) throw new SentError(json.error)
    noteUnreadFields({ ...json, choices: first }, reply)
  }
}

/** Facts about the whole answer: whether a delta has had text, and whether the answer is one document instead of a stream. */
interface AnswerFacts {
  hasPieces: boolean
  document: boolean
}

function readChoice(choice: Json, reply: Reply, { hasPieces, document }: AnswerFacts): void {
  const { delta, message, text, content, finish_reason, usage, error } = choice
  reply.markKnown()
  const pieces = objectAs('content', delta)
  if (hasContent(pieces)) readMessage(pieces, reply)
  const all = hasPieces && isStatus(message, reply) ? {} : objectAs('content', message)
  if (hasContent(all)) readMessage(all, reply, hasContent(pieces) || repeatsText(all, reply))
  // Servers with the older completions API send their text in these fields, and some servers repeat the delta in them.
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

/** True if a message starts with the whole text so far, as the last message of a stream may. */
const repeatsText = ({ content }: Json, reply: Reply) =>
  reply.textSoFar('text') !== '' && textIn(content).startsWith(reply.textSoFar('text'))

/** True if a message beside pieces is only a status, such as "ok": a text that does not repeat the reply. */
const isStatus = (message: unknown, reply: Reply) =>
  isString(message) && reply.textSoFar('text') !== '' && !repeatsText({ content: message }, reply)

/** Reads the pieces of a message; with `isWhole`, reads a whole message and adds only its new text. */
function readMessage(message: Json, reply: Reply, isWhole = false): void {
  const add = isWhole ? reply.addWhole : reply.add
  readReasoning(message, add)
  for (const block of isWhole ? joinBlocks(listOf(message.content)) : listOf(message.content)) readBlock(block, reply, {}, add)
  reply.addRefusal(add, message.refusal)
  for (const image of listOf(message.images)) readBlock(image, reply, {}, add)
  // `context` is a field of Azure On Your Data; the last two fields are LiteLLM's.
  const { citation, citations } = objectOf(message.provider_specific_fields)
  readSources([message.annotations, objectOf(message.context).citations, citation, citations], reply)
  for (const tool of listOf(message.executed_tools)) readExecuted(objectOf(tool), reply)
  readAudio(objectOf(message.audio), reply, add)
  const calls = [...listOf(message.tool_calls), ...listOf(message.function_call)]
  for (const [at, call] of calls.entries()) readCall(objectOf(call), at, reply, isWhole)
}

/** Joins the text of all blocks into one block. */
function joinBlocks(blocks: unknown[]): unknown[] {
  const isText = (block: unknown) => isString(block) || isString(objectOf(block).text)
  return [blocks.filter(isText).map(textIn).join(''), ...blocks.filter((block) => !isText(block))]
}

/** Reads the reasoning. Servers use different names for this field, and some send the reasoning twice under two names. */
function readReasoning({ reasoning_content, reasoning, thinking, reasoning_details, thinking_blocks }: Json, add: AddText): void {
  const [own, ...others] = [reasoning_content, reasoning, thinking].filter((each) => textIn(each) !== '')
  const texts =
    own === undefined
      ? [textIn(reasoning_details) || textIn(thinking_blocks)]
      : [own, ...others.filter((each) => textIn(each) !== textIn(own))]
  for (const text of texts) add('reasoning', text)
}

function readAudio({ transcript, data }: Json, reply: Reply, add: AddText): void {
  add('text', transcript)
  if (stringOf(data)) reply.note('skipped the audio of the reply')
}

/** Reads a tool that Groq ran: the call comes before its result, and again with the result. */
function readExecuted({ index, type, name = type, arguments: input = null, ...rest }: Json, reply: Reply): void {
  const call = { ...(typeof index === 'number' && { id: String(index) }), name }
  const results = Object.entries(rest).filter(([, value]) => value !== null)
  reply.addPart({ type: 'tool-call', ...call, input: parseArguments(input) }, callTitle(name))
  if (results.length > 0) reply.addPart({ type: 'tool-result', ...call, output: Object.fromEntries(results) }, named('a tool result', name))
}

/** Reads a call, or a piece of one, at the index `at` of its list. A call that the server repeats as a whole is added once. */
function readCall({ index, id, function: own, ...call }: Json, at: number, reply: Reply, isWhole: boolean): void {
  const { name, arguments: input } = objectOf(own ?? call)
  reply.addCall(`${isWhole ? REPEATED : ''}${keyOf(index, id, at)}`, { id, name }, input ?? '')
}

function readUsage(value: unknown, reply: Reply): void {
  if (!isObject(value)) return
  const { prompt_tokens, completion_tokens, input_tokens, output_tokens, prompt_tokens_details, completion_tokens_details } = value
  const { cached_tokens, cache_write_tokens } = objectOf(prompt_tokens_details)
  reply.setCost(reportedCost(value))
  reply.addUsage({
    input: countOf(prompt_tokens) ?? countOf(input_tokens),
    output: countOf(completion_tokens) ?? countOf(output_tokens),
    // DeepSeek uses the second name.
    cached: countOf(cached_tokens) ?? countOf(value.prompt_cache_hit_tokens),
    cache_write: countOf(cache_write_tokens),
    reasoning: countOf(objectOf(completion_tokens_details).reasoning_tokens),
  })
}
