import type { Json } from 'ainative-code'
import { named } from './names.ts'
import type { Field, Reply } from './reply.ts'
import { DEEPEST, isObject, isString, listOf } from './values.ts'

/** Names of objects in a message whose fields may be text under any name. */
const CONTENT = new Set(['delta', 'message', 'content', 'content_block', 'part', 'parts'])

/** Names of fields that contain text in any object. */
const TEXT = new Set([
  ...['text', 'content', 'delta', 'message', 'parts', 'thinking', 'reasoning', 'reasoning_content', 'refusal', 'transcript'],
  ...['response', 'completion', 'answer', 'generated_text'],
])

/** Matches the names of fields that describe a message. */
const DETAIL = new RegExp(
  [
    '^(role|type|id|uuid|name|model|object|status|phase|data|format|detail|signature|language|lang|locale|channel)$',
    '^(author|sender|recipient|user|timestamp|created|updated|date|time|version|url|uri)$',
    '_(id|uuid|name|type|reason|signature|sequence|json|content|at|time|date|effort|tier|version|url)$',
    '[a-z](Id|Uuid|Name|Type|Reason|Signature|At|Time|Date|Effort|Tier|Version|Url)$',
  ].join('|'),
)

/** Names of fields that have no text of the model, or whose content is kept as a part. */
const OTHER = new Set([
  ...['tool_calls', 'function_call', 'functionCall', 'toolUse', 'toolResult', 'function', 'input', 'arguments', 'args', 'images', 'audio'],
  ...['usage', 'error', 'logprobs', 'tools', 'prompt', 'input_items', 'instructions', 'format', 'metadata', 'groundingMetadata'],
])

/** The maximum length of a label with white space, such as "in progress". */
const LONGEST_LABEL = 20

/** Adds a note for each field of an entry whose text no reader has used. Called after the readers. */
export function noteUnreadFields(json: Json, reply: Reply): void {
  for (const [name, text] of textsIn(json)) {
    const field = reply.fields.get(name) ?? { length: 0, hasSpace: false, isNoted: false }
    reply.fields.set(name, field)
    if (field.isNoted || reply.isRead(text)) continue
    // The field `message` is often the status of the answer.
    const isText = (TEXT.has(name) && name !== 'message') || readsLikeText(field, text)
    if (!isText || reply.isInTexts(text)) continue
    field.isNoted = true
    reply.note(named('skipped an unknown field of the reply', name))
  }
  reply.nextEntry()
}

/** True if the field reads like text with this addition. A value that recurs in each entry is a label. */
function readsLikeText(field: Field, text: string): boolean {
  if (text !== field.last) field.length += text.length
  field.last = text
  // Words of a text that arrives in pieces have white space around them; white space within a short value belongs to a label.
  field.hasSpace ||= (text.length > LONGEST_LABEL ? /\s/ : /^\s|\s$/).test(text)
  return field.hasSpace && field.length > LONGEST_LABEL
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
