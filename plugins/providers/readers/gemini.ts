import type { Json } from 'ainative-code'
import { readBlock } from './blocks.ts'
import { finishReason } from './finish.ts'
import type { MakeReader } from './read.ts'
import { type Reply, SentError } from './reply.ts'
import { readSources } from './sources.ts'
import { noteUnreadFields } from './unread-fields.ts'
import { countOf, isNothing, isObject, keyOf, listOf, objectAs, objectOf, stringOf, sumOf } from './values.ts'

/** Reads Google's Gemini API. A finishReason is not a certain end of the reply: some servers send one with every chunk, or before a tool runs. */
export const gemini: MakeReader =
  () =>
  ({ json, document }, reply) => {
    const { candidates, promptFeedback, usageMetadata, modelVersion, error } = json
    if ([candidates, promptFeedback, usageMetadata].some((each) => each !== undefined)) reply.markKnown()
    reply.setModel(modelVersion)
    readUsage(objectOf(usageMetadata), reply)
    const first = listOf(candidates)
      .map((each) => objectAs('text', each))
      .filter(({ index }) => reply.isFirst(index))
    for (const candidate of first) readCandidate(candidate, reply, document === 'object')
    readBlocked(objectOf(promptFeedback), reply)
    if (!isNothing(error)) throw new SentError(error)
    noteUnreadFields({ ...json, candidates: first }, reply)
  }

/** Reads a candidate; `isWhole` if the answer is a single object. */
function readCandidate(candidate: Json, reply: Reply, isWhole: boolean): void {
  const { content, text, finishReason: why, finishMessage, safetyRatings, groundingMetadata, citationMetadata } = candidate
  const contents = listOf(content).map((each) => objectAs('text', each))
  for (const part of [...contents.flatMap((each) => [...listOf(each.parts), each.text]), text]) readPart(part, reply)
  for (const chunk of listOf(objectOf(groundingMetadata).groundingChunks)) readSources(chunk, reply)
  const { citations, citationSources } = objectOf(citationMetadata)
  readSources([citations, citationSources].flat(), reply)
  if (stringOf(finishMessage)) reply.note(`the server says: ${finishMessage}`)
  if (finishReason(why) === 'content-filter') noteSafety(safetyRatings, reply)
  if (isWhole || finishReason(why) !== undefined) reply.finish(why, 'likely')
}

function readPart(value: unknown, reply: Reply): void {
  const { thought, thoughtSignature: _, ...part } = objectOf(value)
  const { text, ...rest } = part
  if (thought === true) reply.add('reasoning', text)
  readBlock(isObject(value) ? (thought === true ? rest : part) : value, reply)
}

/** Reads why the filter refused the prompt; such an answer has no candidates. */
function readBlocked({ blockReason, blockReasonMessage, safetyRatings }: Json, reply: Reply): void {
  if (!stringOf(blockReason) || blockReason === 'BLOCK_REASON_UNSPECIFIED') return
  if (stringOf(blockReasonMessage)) reply.note(`the server says: ${blockReasonMessage}`)
  noteSafety(safetyRatings, reply)
  reply.finish('safety', 'likely')
}

/** Adds a note with the categories for which the filter blocked the reply. */
function noteSafety(ratings: unknown, reply: Reply): void {
  const blocked = listOf(ratings)
    .map(objectOf)
    .filter((each) => each.blocked === true || each.probability === 'HIGH')
  const names = blocked.map(({ category }) =>
    keyOf(category)
      .replace(/^HARM_CATEGORY_/, '')
      .toLowerCase()
      .replaceAll('_', ' '),
  )
  if (names.length > 0) reply.note(`the content filter reports: ${names.join(', ').slice(0, 200)}`)
}

function readUsage(counts: Json, reply: Reply): void {
  const { promptTokenCount, toolUsePromptTokenCount, candidatesTokenCount, thoughtsTokenCount, cachedContentTokenCount } = counts
  reply.addUsage({
    // Google counts the input of its tools separately from the prompt, and the reasoning separately from the answer.
    input: countOf(promptTokenCount) === undefined ? undefined : sumOf(promptTokenCount, toolUsePromptTokenCount),
    output: sumOf(candidatesTokenCount, thoughtsTokenCount),
    cached: countOf(cachedContentTokenCount),
    reasoning: countOf(thoughtsTokenCount),
  })
}
