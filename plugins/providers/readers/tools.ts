import type { Json } from 'ainative-code'
import { named } from './names.ts'
import { callTitle } from './parts.ts'
import type { Reply } from './reply.ts'
import { isObject, isString, parseArguments } from './values.ts'

/** Takes the parts and the tool calls of a block. */
export type PartSink = Pick<Reply, 'addPart' | 'addCall'>

type Read = (sink: PartSink, key?: string) => void

/** The reader of a block that is a tool call, code that the provider runs, or a result of these; undefined for any other block. */
export function toolOf(type: string, block: Json): Read | undefined {
  const input = block.executableCode ?? block.executable_code
  const output = block.codeExecutionResult ?? block.code_execution_result
  const call = block.functionCall ?? block.function_call ?? block.toolUse
  const code = { name: 'code_execution' }
  if (isObject(input)) return (sink) => sink.addPart({ type: 'tool-call', ...code, input }, 'code that the provider ran')
  if (isObject(output)) return (sink) => sink.addPart({ type: 'tool-result', ...code, output }, 'the result of code that the provider ran')
  if (isObject(call)) return (sink) => sink.addPart(toolCall(call), callTitle(call.name))
  if (/_use$/.test(type)) return (sink, key = '') => openCall(block, sink, key)
  if (/(_result|_output)$/.test(type) && !isString(block.text)) {
    const name = resultName(type)
    return (sink) => sink.addPart({ type: 'tool-result', name, output: block }, named('a tool result', type))
  }
  return /_call$/.test(type) ? (sink) => addCallWithResult(block, type, sink) : undefined
}

/** Adds a call, and its result if the block holds one. */
function addCallWithResult(block: Json, type: string, sink: PartSink): void {
  const call = toolCall(block, type)
  const { input, ...names } = call
  sink.addPart(call, callTitle(block.name ?? type))
  const results = [block.output, block.error].filter((each) => each !== null && each !== undefined)
  if (input === block || results.length === 0) return
  const output = results.length === 1 ? results[0] : { output: block.output, error: block.error }
  sink.addPart({ ...names, type: 'tool-result', output }, named('a tool result', block.name ?? type))
}

/** The name of the tool in the type of its result, such as web_search_tool_result. */
export const resultName = (type: string) => type.replace(/(_tool)?_(result|output)$/, '')

/** Starts a tool call in Anthropic's form, whose input may follow in pieces. */
function openCall({ id, name, input }: Json, sink: PartSink, key: string): void {
  const isEmpty = input === undefined || input === null || (isObject(input) && Object.keys(input).length === 0)
  sink.addCall(key, { id, name }, isEmpty ? '' : input)
}

/**
 * A tool call as a part. A call of the caller's own tools has arguments; a call of the provider's tools is kept unchanged. The id of the
 * call takes precedence over the id of its item, which some servers change between events.
 */
function toolCall(block: Json, type?: string): Json {
  const { name = type, args, arguments: text } = block
  const id = block.call_id ?? block.id ?? block.toolUseId
  const input = args ?? block.input ?? parseArguments(text) ?? block
  return { type: 'tool-call', ...(isString(id) && { id }), name, input }
}
