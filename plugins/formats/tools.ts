import { escapeControls, type Json, type Message, oneLine, toJson } from 'ainative-code'

/** Whether the arguments and the output of a tool are shortened. */
export type ToolDetail = 'short' | 'full'

/** The maximum number of characters of arguments or output on a shortened line. */
const MAX_LENGTH = 160

/** Formats one line per tool call and tool result of a message, from its parts or from the field `tool_calls` of an imported message. */
export function toolLines(message: Message, tools: ToolDetail): string[] {
  const parts = (message.parts ?? []).flatMap((part) => readPart(part) ?? [])
  const hasCalls = parts.some(({ kind }) => kind === 'call')
  const { tool_calls: calls } = message.extra ?? {}
  const entries = hasCalls || !Array.isArray(calls) ? parts : [...calls.flatMap((call) => readCall(call) ?? []), ...parts]
  return entries.map(({ kind, name, value }) =>
    `[tool ${kind}] ${oneLine(name)} ${tools === 'full' ? escapeControls(fullText(value)) : shortText(value)}`.trimEnd(),
  )
}

interface ToolEntry {
  kind: 'call' | 'result'
  name: string
  value: unknown
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const nameOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, MAX_LENGTH) : 'unnamed')

/** Reads a part in the spelling of any tool: `tool-call`, `tool_use` or `toolCall`; `tool-result`, `tool_result` or `toolResult`. */
function readPart(part: unknown): ToolEntry | undefined {
  if (!isObject(part)) return undefined
  const type = String(part.type).replace(/[-_]/g, '').toLowerCase()
  if (type === 'toolcall' || type === 'tooluse')
    return { kind: 'call', name: nameOf(part.name ?? part.toolName), value: part.input ?? part.arguments ?? part.args }
  if (type === 'toolresult')
    return {
      kind: 'result',
      name: nameOf(part.name ?? part.toolName ?? part.tool_use_id),
      value: part.output ?? part.result ?? part.content,
    }
  return undefined
}

/** Reads a call in the form of OpenAI, `{ function: { name, arguments } }`, or without `function`. */
function readCall(call: unknown): ToolEntry | undefined {
  if (!isObject(call)) return undefined
  const inner = isObject(call.function) ? call.function : call
  return { kind: 'call', name: nameOf(inner.name), value: inner.arguments ?? inner.input ?? inner.args }
}

/** Converts a value to text: a string unchanged, an array of text blocks joined, anything else as JSON. */
function valueText(value: unknown, indent?: number): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.length > 0 && value.every((each) => isObject(each) && typeof each.text === 'string'))
    return value.map((each) => each.text).join('\n')
  return toJson(value, indent)
}

const fullText = (value: unknown) => valueText(value, 2)

/** Shortens a value to one line, with the number of omitted characters. */
function shortText(value: unknown): string {
  const text = valueText(value).trim()
  const line = oneLine(text.slice(0, MAX_LENGTH).toWellFormed().replace(/\s+/g, ' '))
  const omitted = text.length - MAX_LENGTH
  return omitted > 0 ? `${line} (${omitted.toLocaleString('en-US')} more characters; --full shows them)` : line
}
