import { isTooDeep, type Json } from 'ainative-code'
import { named } from './names.ts'
import { callOf } from './parts.ts'
import type { Reply } from './reply.ts'
import { DEEPEST, isObject, isString, parsedOf } from './values.ts'

/** Reads a block that is a tool call, code that the provider runs, or the result of one; false for any other block. */
export function readTool(type: string, block: Json, reply: Reply, key = ''): boolean {
  const code = block.executableCode ?? block.executable_code
  const output = block.codeExecutionResult ?? block.code_execution_result
  const call = block.functionCall ?? block.function_call ?? block.toolUse
  if (isObject(code)) reply.part({ type: 'tool-call', name: 'code_execution', input: code }, 'code that the provider ran')
  else if (isObject(output)) reply.part({ type: 'tool-result', name: 'code_execution', output }, 'the result of code that the provider ran')
  else if (isObject(call)) reply.part(toolCall(call), callOf(call.name))
  else if (/_use$/.test(type)) openCall(block, reply, key)
  else if (/(_result|_output)$/.test(type) && !isString(block.text)) {
    reply.part({ type: 'tool-result', name: type.replace(/(_tool)?_(result|output)$/, ''), output: block }, named('a tool result', type))
  } else if (/_call$/.test(type)) reply.part(toolCall(block, type), callOf(block.name ?? type))
  else return false
  return true
}

/** The input of Anthropic's calls may follow in pieces, so the call stays open. */
function openCall({ id, name, input }: Json, reply: Reply, key: string): void {
  const isEmpty = input === undefined || input === null || (isObject(input) && Object.keys(input).length === 0)
  reply.call(key, { id, name }, isEmpty ? '' : input)
}

/** The arguments of a call; text where they are nested too deep to be stored. */
function shallow(text: string): unknown {
  const value = parsedOf(text)
  return isTooDeep(value, DEEPEST) ? text : value
}

/** A call of the caller's own tools has arguments; one of the provider's tools is kept as it came. */
function toolCall(block: Json, type?: string): Json {
  const { id = block.call_id, name = type, args, arguments: text } = block
  const input = args ?? block.input ?? (isString(text) ? shallow(text) : text) ?? block
  return { type: 'tool-call', ...(isString(id) && { id }), name, input }
}
