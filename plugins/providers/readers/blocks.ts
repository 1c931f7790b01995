import type { Json } from 'ainative-code'
import { fileOf } from './files.ts'
import { named } from './names.ts'
import { REPEATED } from './parts.ts'
import type { Reply } from './reply.ts'
import { readSources } from './sources.ts'
import type { AddText, TextPlace } from './text-block.ts'
import { type PartSink, toolOf } from './tools.ts'
import { isObject, isString, stringOf, textFound, textIn } from './values.ts'

/** A content block and the context in which it is read. */
interface Reading {
  block: Json
  type: string
  reply: Reply
  place: TextPlace
  /** Adds a text of the block: a piece, or the new part of a whole text. */
  add: AddText
  sink: PartSink
}

/** A form of content blocks. The reader recognizes a form by the fields of a block and not by the API, because gateways mix the forms. */
interface Form {
  fits(reading: Reading): unknown
  read(reading: Reading): void
}

/** Forms of whole blocks: the first form that fits reads the block. */
const KINDS: Form[] = [
  { fits: ({ type }) => /^redacted_thinking$|encrypted/.test(type), read: ({ reply }) => reply.markKnown() },
  {
    fits: ({ type, block }) => /think|reason/.test(type) || isString(block.thinking),
    read: ({ block, add, place }) => add('reasoning', reasoningOf(block), place),
  },
  { fits: ({ block }) => isString(block.refusal), read: ({ block, add, place, reply }) => reply.addRefusal(add, block.refusal, place) },
  { fits: ({ type }) => /citation|reference|^source/.test(type), read: ({ block, reply }) => readSources(block, reply) },
]

/** Forms of the contents of any other block: each form that fits reads its part of the block. */
const CONTENTS: Form[] = [
  {
    fits: ({ block }) => textFound(block.text) !== undefined,
    read({ block, add, place, reply }) {
      add('text', block.text, place)
      readSources([block.annotations, block.citations], reply)
    },
  },
  {
    fits: ({ block }) => fileOf(block),
    read({ block, sink }) {
      const file = fileOf(block) as Json
      sink.addPart(file, named(stringOf(file.mediaType)?.startsWith('image/') ? 'an image' : 'a file', file.mediaType))
    },
  },
  { fits: ({ type, block }) => toolOf(type, block), read: ({ type, block, sink, place }) => toolOf(type, block)?.(sink, place.key) },
]

/** Reads a content block of any API; `add` is `reply.addWhole` for a block that repeats text which may have arrived in pieces. */
export function readBlock(value: unknown, reply: Reply, place: TextPlace = {}, add: AddText = reply.add): void {
  if (isString(value) || typeof value === 'number') add('text', String(value), place)
  else if (isObject(value)) readObject(value, reply, place, add)
  else if (Array.isArray(value)) for (const each of value) readBlock(each, reply, place, add)
  else if (value !== null && value !== undefined) reply.noteUnknown('a piece of content', typeof value)
}

function readObject(block: Json, reply: Reply, place: TextPlace, add: AddText): void {
  const sink = add === reply.add ? pieceSink(reply) : repeatSink(reply)
  const reading = { block, type: isString(block.type) ? block.type : '', reply, place, add, sink }
  const kind = KINDS.find(({ fits }) => fits(reading))
  const forms = kind ? [kind] : CONTENTS.filter(({ fits }) => fits(reading))
  for (const { read } of forms) read(reading)
  if (forms.length > 0 || Object.keys(block).length === 0) return
  sink.addPart({ type: 'other', value: block }, named('a part of an unknown type', reading.type))
}

/** For blocks that the API sends once: a block is a new part even if an earlier block is equal. */
const pieceSink = (reply: Reply): PartSink => ({ addCall: reply.addCall, addPart: (part, what) => reply.addPart(part, what, true) })

const repeatSink = ({ addPart, addCall }: Reply): PartSink => ({
  addPart,
  addCall: (key, ...rest) => addCall(`${REPEATED}${key}`, ...rest),
})

const reasoningOf = ({ thinking, reasoning, text, summary, content }: Json) =>
  [thinking, reasoning, text, summary, content].map(textIn).find((each) => each !== '')
