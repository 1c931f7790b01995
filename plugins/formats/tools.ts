import { harmless, type Json, type Message, oneLine, toJson } from 'ainative-code'

/** How much of a tool's arguments and output is shown. */
export type Tools = 'short' | 'full'

/** Characters of arguments or output on a shortened line. */
const SHOWN = 160

/** A line for each tool call and tool result of a message: of its parts, or of the `tool_calls` that imports bring. */
export function toolLines(message: Message, tools: Tools): string[] {
  const parts = (message.parts ?? []).flatMap((part) => readPart(part) ?? [])
  const hasCalls = parts.some(({ what }) => what === 'call')
  const { tool_calls: calls } = message.extra ?? {}
  const uses = hasCalls || !Array.isArray(calls) ? parts : [...calls.flatMap((call) => readCall(call) ?? []), ...parts]
  return uses.map(({ what, name, value }) =>
    `[tool ${what}] ${oneLine(name)} ${tools === 'full' ? harmless(whole(value)) : short(value)}`.trimEnd(),
  )
}

interface Use {
  what: 'call' | 'result'
  name: string
  value: unknown
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const nameOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, SHOWN) : 'unnamed')

/** A part of ours, or in the words of another tool: `tool-call`, `tool_use`, `toolCall`; `tool-result`, `tool_result`, `toolResult`. */
function readPart(part: unknown): Use | undefined {
  if (!isObject(part)) return undefined
  const type = String(part.type).replace(/[-_]/g, '').toLowerCase()
  if (type === 'toolcall' || type === 'tooluse')
    return { what: 'call', name: nameOf(part.name ?? part.toolName), value: part.input ?? part.arguments ?? part.args }
  if (type === 'toolresult')
    return {
      what: 'result',
      name: nameOf(part.name ?? part.toolName ?? part.tool_use_id),
      value: part.output ?? part.result ?? part.content,
    }
  return undefined
}

/** A call as OpenAI writes it, `{ function: { name, arguments } }`, or without the `function` around. */
function readCall(call: unknown): Use | undefined {
  if (!isObject(call)) return undefined
  const inner = isObject(call.function) ? call.function : call
  return { what: 'call', name: nameOf(inner.name), value: inner.arguments ?? inner.input ?? inner.args }
}

/** A text as it is, the texts of blocks, or JSON. */
function textOf(value: unknown, indent?: number): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.length > 0 && value.every((each) => isObject(each) && typeof each.text === 'string'))
    return value.map((each) => each.text).join('\n')
  return toJson(value, indent)
}

const whole = (value: unknown) => textOf(value, 2)

/** One line, with the number of characters that are left out. */
function short(value: unknown): string {
  const text = textOf(value).trim()
  const line = oneLine(text.slice(0, SHOWN).toWellFormed().replace(/\s+/g, ' '))
  const left = text.length - SHOWN
  return left > 0 ? `${line} (${left.toLocaleString('en-US')} more characters; --full shows them)` : line
}
