import { readBlock } from './blocks.ts'
import type { MakeReader } from './read.ts'
import { SentError } from './reply.ts'
import { noteUnreadFields } from './unread-fields.ts'
import { countOf, isNothing, isString, listOf, objectAs, objectOf, stringOf } from './values.ts'

/** Reads Ollama's chat API: a JSON object on each line. */
export const ollama: MakeReader =
  () =>
  ({ json }, reply) => {
    const { model, message, response, thinking, done, done_reason, prompt_eval_count, eval_count, error } = json
    if (!isNothing(error)) throw new SentError(typeof error === 'string' ? new Error(error) : error)
    const { content, text, thinking: inner, reasoning, images, tool_calls } = objectAs('content', message)
    if (done !== undefined) reply.markKnown()
    reply.setModel(model)
    for (const each of [thinking, inner, reasoning]) reply.add('reasoning', each)
    // The older API sends the text in `response`.
    for (const block of [stringOf(response), ...listOf(content), text]) readBlock(block, reply)
    for (const data of listOf(images)) reply.addPart({ type: 'file', mediaType: 'image/*', data }, 'an image')
    for (const call of listOf(tool_calls)) {
      const { id, function: own } = objectOf(call)
      const { name, arguments: input = null } = objectOf(own)
      reply.addPart({ type: 'tool-call', ...(isString(id) && { id }), name, input }, 'a tool call', true)
    }
    reply.addUsage({ input: countOf(prompt_eval_count), output: countOf(eval_count) })
    if (done === true || done === 'true') reply.finish(done_reason, 'certain')
    else if (done_reason) reply.finish(done_reason, 'likely')
    noteUnreadFields(json, reply)
  }
