import type { Json } from 'ainative-code'
import { named } from './names.ts'
import type { Reply } from './reply.ts'
import { DEEPEST, isObject, isString, listOf } from './values.ts'

/** Objects of a message: any of their fields may be text. */
const CONTENT = new Set(['delta', 'message', 'content', 'content_block', 'part', 'parts'])

/** Fields that hold text wherever they stand. */
const TEXT = new Set([
  ...['text', 'content', 'delta', 'message', 'parts', 'thinking', 'reasoning', 'reasoning_content', 'refusal', 'transcript'],
  ...['response', 'completion', 'answer', 'generated_text'],
])

/** Fields of a message that describe it. */
const DETAIL =
  /^(role|type|id|name|model|object|status|phase|data|format|detail|signature|language)$|_(id|name|type|reason|signature|sequence|json|content)$|[a-z](Id|Name|Type|Reason|Signature)$/

/** Fields that hold no text of the model, or what is kept as a part. */
const OTHER = new Set([
  ...['tool_calls', 'function_call', 'functionCall', 'toolUse', 'toolResult', 'function', 'input', 'arguments', 'args', 'images', 'audio'],
  ...['usage', 'error', 'logprobs', 'tools', 'prompt', 'input_items', 'instructions', 'format', 'metadata', 'groundingMetadata'],
])

/** Notes the fields of an entry that hold text which nothing has read; called once the entry is read. */
export function noteUnread(json: Json, reply: Reply): void {
  for (const [name, text] of textsIn(json)) {
    if (!reply.hasText(text) && !reply.hasInPart(text)) reply.note(named('passed over an unknown field of the reply', name))
  }
  reply.nextEntry()
}

function* textsIn(json: Json, isContent = false): Generator<[name: string, text: string]> {
  for (const [name, value] of Object.entries(json)) {
    if (OTHER.has(name)) continue
    const mayBeText = TEXT.has(name) || (isContent && !DETAIL.test(name))
    for (const each of listOf(value).flat(DEEPEST)) {
      if (isObject(each)) yield* textsIn(each, CONTENT.has(name))
      else if (mayBeText && isString(each) && each.trim() !== '') yield [name, each]
    }
  }
}
