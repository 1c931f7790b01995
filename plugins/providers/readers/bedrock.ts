import type { Json } from 'ainative-code'
import { readBlock } from './blocks.ts'
import type { MakeReader } from './read.ts'
import { type Reply, SentError } from './reply.ts'
import { readSources } from './sources.ts'
import { resultName } from './tools.ts'
import { noteUnreadFields } from './unread-fields.ts'
import { cacheWrites } from './usage.ts'
import { countOf, entryOf, isObject, isString, keyOf, listOf, objectAs, objectOf, stringOf, sumOf } from './values.ts'

/** Reads Amazon Bedrock's ConverseStream, or Converse if a server does not stream. */
export const bedrock: MakeReader = () => {
  let last: unknown = 0
  return ({ json, event = '', document }, reply) => {
    last = json.contentBlockIndex ?? last
    const read = document ? readWhole : entryOf(EVENTS, event)
    if (!read) return reply.noteUnknown('an event', event)
    if (!document) reply.markKnown()
    read(json, reply, keyOf(last))
    noteUnreadFields(json, reply)
  }
}

const EVENTS: Record<string, (json: Json, reply: Reply, key: string) => void> = {
  messageStart: (_, reply) => reply.markKnown(),
  contentBlockStart({ start }, reply, key) {
    const { toolUse, ...block } = objectAs('text', start)
    reply.markKnown()
    if (isObject(toolUse)) reply.addCall(key, { id: toolUse.toolUseId, name: toolUse.name })
    else readContent(block, reply, key)
  },
  contentBlockDelta({ delta }, reply, key) {
    const { toolUse, citation, ...block } = objectAs('text', delta)
    reply.markKnown()
    if (isObject(toolUse)) reply.addCall(key, {}, toolUse.input)
    readSources(citation, reply)
    readContent(block, reply, key)
  },
  contentBlockStop: (_, reply, key) => reply.closeCall(key),
  messageStop: ({ stopReason }, reply) => reply.finish(stopReason, 'likely'),
  metadata({ usage }, reply) {
    readUsage(objectOf(usage), reply)
    if (reply.end() === 'likely') reply.finish(undefined, 'certain')
  },
  exception(json) {
    throw new SentError(json)
  },
}

/** Reads the text or the reasoning of a block; anything else becomes a part. */
function readContent(block: Json, reply: Reply, key: string): void {
  const { text, reasoningContent, citationsContent, toolResult, ...rest } = block
  reply.add('text', text, { key })
  const cited = objectOf(citationsContent)
  reply.add('text', cited.content, { key })
  readSources(cited.citations, reply)
  if (toolResult) readResult(toolResult, reply, key)
  const reasoning = objectAs('text', reasoningContent)
  reply.add('reasoning', reasoning.text ?? reasoning.reasoningText, { key })
  if (Object.values(rest).some((each) => each !== null && each !== undefined)) readBlock(rest, reply, { key })
}

/** Reads the result of a tool: its start, pieces of its content, or the whole result. */
function readResult(value: unknown, reply: Reply, key: string): void {
  const { toolUseId, type, status, content } = objectOf(value)
  const fields = {
    ...(isString(toolUseId) && { id: toolUseId }),
    ...(isString(type) && { name: resultName(type) }),
    ...(isString(status) && { status }),
  }
  reply.addResult(key, fields, listOf(isObject(value) ? content : value))
}

function readWhole(json: Json, reply: Reply): void {
  const { output, stopReason, usage } = json
  if (!isObject(output)) {
    if (stringOf(json.message) ?? json.error) throw new SentError(json)
    return
  }
  for (const [at, block] of listOf(objectOf(output.message).content).entries()) {
    readContent(objectAs('text', block), reply, String(at))
    reply.closeCall(String(at))
  }
  readUsage(objectOf(usage), reply)
  reply.finish(stopReason, 'certain')
}

function readUsage(counts: Json, reply: Reply): void {
  const { inputTokens, outputTokens, cacheReadInputTokens: cached, cacheWriteInputTokens: written, cacheDetails } = counts
  const countFor = (time: string) =>
    listOf(cacheDetails)
      .map(objectOf)
      .find(({ ttl }) => ttl === time)?.inputTokens
  const writes = cacheWrites(written, countFor('5m'), countFor('1h'))
  reply.addUsage({
    input: countOf(inputTokens) === undefined ? undefined : sumOf(inputTokens, cached, writes.cache_write, writes.cache_write_1h),
    output: countOf(outputTokens),
    cached: countOf(cached),
    ...writes,
  })
}
