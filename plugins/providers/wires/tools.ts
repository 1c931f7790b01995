import type { Json } from 'ainative-code'
import { named } from './names.ts'
import { callOf } from './parts.ts'
import type { Reply } from './reply.ts'
import { isObject, isString, shallow } from './values.ts'

/** Where a block leaves its parts. */
export type Keeper = Pick<Reply, 'part' | 'call'>

type Read = (reply: Keeper, key?: string) => void

/** The reader of a block that is a tool call, code that the provider runs, or the result of one; undefined for any other block. */
export function toolOf(type: string, block: Json): Read | undefined {
  const input = block.executableCode ?? block.executable_code
  const output = block.codeExecutionResult ?? block.code_execution_result
  const call = block.functionCall ?? block.function_call ?? block.toolUse
  const code = { name: 'code_execution' }
  if (isObject(input)) return (reply) => reply.part({ type: 'tool-call', ...code, input }, 'code that the provider ran')
  if (isObject(output)) return (reply) => reply.part({ type: 'tool-result', ...code, output }, 'the result of code that the provider ran')
  if (isObject(call)) return (reply) => reply.part(toolCall(call), callOf(call.name))
  if (/_use$/.test(type)) return (reply, key = '') => openCall(block, reply, key)
  if (/(_result|_output)$/.test(type) && !isString(block.text)) {
    const name = resultName(type)
    return (reply) => reply.part({ type: 'tool-result', name, output: block }, named('a tool result', type))
  }
  return /_call$/.test(type) ? (reply) => keepCall(block, type, reply) : undefined
}

/** Keeps a call, and its result where the block holds that as well. */
function keepCall(block: Json, type: string, reply: Keeper): void {
  const call = toolCall(block, type)
  const { input, ...names } = call
  reply.part(call, callOf(block.name ?? type))
  const outcomes = [block.output, block.error].filter((each) => each !== null && each !== undefined)
  if (input === block || outcomes.length === 0) return
  const output = outcomes.length === 1 ? outcomes[0] : { output: block.output, error: block.error }
  reply.part({ ...names, type: 'tool-result', output }, named('a tool result', block.name ?? type))
}

/** The name of the tool in the type of its result, such as web_search_tool_result. */
export const resultName = (type: string) => type.replace(/(_tool)?_(result|output)$/, '')

/** The input of Anthropic's calls may follow in pieces, so the call stays open. */
function openCall({ id, name, input }: Json, reply: Keeper, key: string): void {
  const isEmpty = input === undefined || input === null || (isObject(input) && Object.keys(input).length === 0)
  reply.call(key, { id, name }, isEmpty ? '' : input)
}

/**
 * A call of the caller's own tools has arguments; one of the provider's tools is kept as it came. The id of a call goes before that of its
 * item, which some servers change between events.
 */
function toolCall(block: Json, type?: string): Json {
  const { name = type, args, arguments: text } = block
  const id = block.call_id ?? block.id ?? block.toolUseId
  const input = args ?? block.input ?? shallow(text) ?? block
  return { type: 'tool-call', ...(isString(id) && { id }), name, input }
}
