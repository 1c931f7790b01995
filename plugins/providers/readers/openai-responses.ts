import type { Json } from 'ainative-code'
import { readBlock } from './blocks.ts'
import { named } from './names.ts'
import type { MakeReader } from './read.ts'
import type { Repeat } from './repeats.ts'
import { createReply, type Reply, SentError } from './reply.ts'
import { readSources } from './sources.ts'
import type { AddText, TextKind, TextPlace } from './text-block.ts'
import { noteUnreadFields } from './unread-fields.ts'
import { reportedCost } from './usage.ts'
import { countOf, entryOf, isNothing, isObject, isString, keyOf, listOf, objectAs, objectOf, stringOf, textIn } from './values.ts'

/** Reads OpenAI's Responses API. It sends text in pieces and repeats it in several events; gateways leave some of these events out. */
export const openaiResponses: MakeReader =
  () =>
  ({ json, event }, reply) => {
    const type = json.object === 'response' ? 'response.completed' : (stringOf(json.type) ?? event ?? (json.error ? 'error' : ''))
    const read = entryOf(EVENTS, type)
    if (read) {
      reply.markKnown()
      read({ ...json, type }, reply)
      noteUnreadFields(json, reply)
    } else if (SILENT.test(type)) reply.markKnown()
    else if (type) reply.noteUnknown('an event', type)
  }

/** The key of an item: its index, since some servers change the ids of items between events. */
const itemOf = ({ output_index, item_id }: Json) => keyOf(output_index, item_id)

/** The place of a text: the texts of one message form a group, and each reasoning text is separate. */
const placeOf = (kind: TextKind, item: string, index: unknown = 0): TextPlace & { key: string } =>
  kind === 'text' ? { key: `${item}/${keyOf(index)}`, group: item } : { key: `${item}/${keyOf(index)}` }

const textAt = (json: Json) => placeOf('text', itemOf(json), json.content_index)
const reasoningAt = (json: Json) => placeOf('reasoning', itemOf(json), json.content_index)
const summaryAt = (json: Json) => placeOf('reasoning', itemOf(json), `summary ${keyOf(json.summary_index)}`)

type Read = (json: Json, reply: Reply) => void

/** Adds the new part of a text that an event repeats, perhaps with other indexes than those of its pieces. */
const repeatedIn =
  ({ type }: Json, reply: Reply): AddText =>
  (kind, value, place) =>
    reply.addWhole(kind, value, place, reply.repeatedBlock(String(type), { kind, text: textIn(value), key: place?.key ?? '' }))

const EVENTS: Record<string, Read> = {
  'response.created': (json, reply) => reply.setModel(objectOf(json.response).model),
  'response.in_progress': (json, reply) => reply.setModel(objectOf(json.response).model),
  'response.reasoning_part.added': (json, reply) => reply.addWhole('reasoning', json.part, reasoningAt(json)),
  'response.reasoning_part.done': (json, reply) => reply.addWhole('reasoning', json.part, reasoningAt(json)),
  'response.output_item.added': ({ item, ...json }, reply) => objectOf(item).content && readItem(objectOf(item), reply, itemOf(json)),
  'response.output_item.done': (json, reply) => readItem(objectOf(json.item), reply, itemOf(json), repeatedIn(json, reply)),
  'response.content_part.added': (json, reply) => readBlock(json.part, reply, textAt(json), reply.addWhole),
  'response.content_part.done': (json, reply) => readBlock(json.part, reply, textAt(json), repeatedIn(json, reply)),
  'response.output_text.delta': (json, reply) => reply.add('text', json.delta, textAt(json)),
  'response.output_text.done': (json, reply) => repeatedIn(json, reply)('text', json.text, textAt(json)),
  'response.output_text.annotation.added': ({ annotation }, reply) => readSources(annotation, reply),
  'response.refusal.delta': (json, reply) => reply.addRefusal(reply.add, json.delta, textAt(json)),
  'response.refusal.done': (json, reply) => reply.addRefusal(repeatedIn(json, reply), json.refusal, textAt(json)),
  'response.reasoning_text.delta': (json, reply) => reply.add('reasoning', json.delta, reasoningAt(json)),
  'response.reasoning_text.done': (json, reply) => repeatedIn(json, reply)('reasoning', json.text, reasoningAt(json)),
  'response.reasoning_summary_text.delta': (json, reply) => reply.add('reasoning', json.delta, summaryAt(json)),
  'response.reasoning_summary_text.done': (json, reply) => repeatedIn(json, reply)('reasoning', json.text, summaryAt(json)),
  'response.reasoning_summary_part.added': ({ part, ...json }, reply) => reply.addWhole('reasoning', part, summaryAt(json)),
  'response.reasoning_summary_part.done': (json, reply) => repeatedIn(json, reply)('reasoning', json.part, summaryAt(json)),
  'response.completed': readEnd,
  'response.incomplete': readEnd,
  'response.failed': readEnd,
  'response.cancelled': readEnd,
  error({ error, ...rest }) {
    throw new SentError(error ?? rest)
  },
}

/** Matches events without further content: events about the progress of items, which response.output_item.done repeats, and about rate limits. */
const SILENT = /^response\.(queued|\w*(call|mcp)\w*\.\w+(\.\w+)?)$|(^|\.)rate_limits?(\.|$)/

/** Reads an item of the output: a message, reasoning, or a tool call. */
function readItem(item: Json, reply: Reply, at: string, add: AddText = reply.addWhole): void {
  const { type, content, result } = item
  if (type === 'image_generation_call' && stringOf(result)) {
    const mediaType = `image/${stringOf(item.output_format) ?? 'png'}`
    reply.addPart({ type: 'file', mediaType, data: result }, named('an image', mediaType))
  } else if (type === 'reasoning' || type === 'message' || Array.isArray(content) || isString(content)) readTexts(item, reply, at, add)
  else readBlock(item, reply, { key: at }, add)
}

function readTexts({ type, summary, content }: Json, reply: Reply, at: string, add: AddText): void {
  // Some servers repeat the reasoning as its summary.
  const isSame = type === 'reasoning' && textIn(summary) === textIn(content)
  for (const [index, part] of isSame ? [] : listOf(summary).entries()) {
    add('reasoning', part, placeOf('reasoning', at, `summary ${index}`))
  }
  for (const [index, part] of listOf(content).entries()) {
    const kind = type === 'reasoning' ? 'reasoning' : 'text'
    const typed = kind === 'reasoning' && isObject(part) ? { type: 'reasoning_text', ...part } : part
    readBlock(typed, reply, placeOf(kind, at, index), add)
  }
}

/** Reads all items of a response; `text` is the text of all items. A first pass finds the texts that arrived before. */
function readOutput(items: unknown[], text: unknown, reply: Reply): void {
  const repeats: Repeat[] = []
  const readAll = (to: Reply, add: AddText) => {
    for (const [at, item] of items.entries()) readItem(objectAs('content', item), to, String(at), add)
  }
  readAll(createReply(), (kind, value, { key = '' } = {}) => repeats.push({ kind, text: textIn(value), key }))
  const place = placeOf('text', '0')
  const isBare = !repeats.some((each) => each.kind === 'text' && each.text !== '')
  if (isBare) repeats.push({ kind: 'text', text: textIn(text), key: place.key })
  const blockOf = reply.matchRepeats(repeats)
  const add: AddText = (kind, value, at) => reply.addWhole(kind, value, at, blockOf(kind, at?.key))
  readAll({ ...reply, addPart: reply.repeatedParts() }, add)
  if (isBare) add('text', text, place)
}

/** Reads the whole response at the end, and adds the content that earlier events left out. */
function readEnd(json: Json, reply: Reply): void {
  const response = isObject(json.response) ? json.response : json
  const {
    output,
    usage,
    error,
    status = /^response\.(\w+)$/.exec(stringOf(json.type) ?? '')?.[1] ?? 'completed',
    incomplete_details,
    model,
  } = response
  reply.setModel(model)
  readOutput(listOf(output), response.output_text, reply)
  const counts = objectOf(usage)
  reply.setCost(reportedCost(usage))
  reply.addUsage({
    input: countOf(counts.input_tokens),
    output: countOf(counts.output_tokens),
    cached: countOf(objectOf(counts.input_tokens_details).cached_tokens),
    reasoning: countOf(objectOf(counts.output_tokens_details).reasoning_tokens),
  })
  if (!isNothing(error) || status === 'failed') throw new SentError(error ?? new Error('the response failed'))
  // A response in one document may be a task that the server has only started.
  const isDone = [null, 'completed', 'incomplete'].includes(status as string | null) || (response !== json && status !== 'cancelled')
  if (!isDone) throw new Error(named('the response did not end', status))
  reply.finish(objectOf(incomplete_details).reason ?? (status === 'incomplete' ? 'other' : 'stop'), 'certain')
}
