import type { Json } from 'ainative-code'
import { readBlock } from './blocks.ts'
import type { MakeReader } from './read.ts'
import { type Reply, SentError } from './reply.ts'
import { readSources } from './sources.ts'
import type { AddText } from './text-block.ts'
import { noteUnreadFields } from './unread-fields.ts'
import { cacheWrites, reportedCost } from './usage.ts'
import { countOf, entryOf, isNothing, keyOf, listOf, objectAs, objectOf, stringOf, sumOf } from './values.ts'

/** Reads Anthropic's Messages API. */
export const anthropic: MakeReader = () => {
  const counts: Json = {}
  let last: unknown = 0
  return ({ json, event }, reply) => {
    const type = stringOf(json.type) ?? event ?? (json.error ? 'error' : '')
    last = json.index ?? last
    const read = entryOf(EVENTS, type)
    if (!read) return type ? reply.noteUnknown('an event', type) : undefined
    reply.markKnown()
    read(json, reply, keyOf(last))
    readUsage(objectOf(json.message).usage ?? json.usage, type !== 'message_start', counts, reply)
    noteUnreadFields(json, reply)
  }
}

const EVENTS: Record<string, (json: Json, reply: Reply, key: string) => void> = {
  // Some servers send the first content blocks in message_start, and some repeat them later as separate blocks.
  message_start({ message }, reply) {
    readMessage(objectAs('content', message), reply)
    reply.expectRepeats()
  },
  content_block_start({ content_block }, reply, key) {
    const { type, ...rest } = objectOf(content_block)
    // The content follows in a single piece.
    if (type === 'compaction' && isNothing(rest)) return
    readBlock(content_block, reply, { key })
  },
  content_block_delta: ({ delta }, reply, key) => readDelta(objectAs('text', delta), reply, key),
  content_block_stop({ content_block }, reply, key) {
    if (content_block) readBlock(content_block, reply, { key }, reply.addWhole)
    reply.closeCall(key)
  },
  message_delta({ delta }, reply, key) {
    const { stop_reason } = objectOf(delta)
    readDelta(objectOf(delta), reply, key)
    if (stringOf(stop_reason)) reply.finish(stop_reason, 'likely')
  },
  message_stop({ message }, reply) {
    readMessage(objectAs('content', message), reply, reply.addWhole)
    reply.finish(undefined, 'certain')
  },
  // The answer of a server that does not stream.
  message(json, reply) {
    readMessage(json, reply)
    reply.finish(json.stop_reason, 'certain')
  },
  error({ error, ...rest }) {
    throw new SentError(error ?? rest)
  },
}

function readMessage({ model, content }: Json, reply: Reply, add?: AddText): void {
  reply.setModel(model)
  for (const [at, block] of listOf(content).entries()) readBlock(block, reply, { key: String(at) }, add)
}

function readDelta(delta: Json, reply: Reply, key: string): void {
  const { type, text, thinking, partial_json, citation } = delta
  reply.add('text', text, { key })
  reply.add('reasoning', thinking, { key })
  if (typeof partial_json === 'string') reply.addCall(key, {}, partial_json)
  readSources(citation, reply)
  if (type === 'compaction_delta') readBlock({ ...delta, type: 'compaction' }, reply)
  const isEmpty = [text, thinking, partial_json, citation].every((each) => each === undefined || each === null)
  if (isEmpty && type !== undefined && !/^(signature|compaction)_delta$/.test(String(type))) reply.noteUnknown('a piece of content', type)
}

/** Reads token counts. The counts of later events replace earlier counts. The output count of message_start is only its initial value. */
function readUsage(usage: unknown, final: boolean, counts: Json, reply: Reply): void {
  const known = Object.entries(objectOf(usage)).filter(([, value]) => value !== null)
  if (known.length === 0) return
  Object.assign(counts, Object.fromEntries(known))
  const { input_tokens, cache_read_input_tokens: cached, cache_creation_input_tokens: written, cache_creation, server_tool_use } = counts
  const { ephemeral_5m_input_tokens: minutes, ephemeral_1h_input_tokens: hour } = objectOf(cache_creation)
  const writes = cacheWrites(written, minutes, hour)
  reply.setCost(reportedCost(counts))
  reply.addUsage({
    input: countOf(input_tokens) === undefined ? undefined : sumOf(input_tokens, cached, writes.cache_write, writes.cache_write_1h),
    cached: countOf(cached),
    ...writes,
    web_searches: countOf(objectOf(server_tool_use).web_search_requests),
    ...(final && {
      output: countOf(counts.output_tokens),
      reasoning: countOf(objectOf(counts.output_tokens_details).thinking_tokens),
    }),
  })
}
