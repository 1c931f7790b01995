import type { Json } from 'ainative-code'
import { fileOf } from './files.ts'
import { named } from './names.ts'
import type { Reply } from './reply.ts'
import { readSources } from './sources.ts'
import type { Kind, Place } from './speech.ts'
import { readTool } from './tools.ts'
import { isObject, isString, objectOf, stringOf, textIn } from './values.ts'

/** A content block while it is read. */
interface Reading {
  block: Json
  type: string
  reply: Reply
  place: Place
  /** Adds a text of the block: a piece, or what is new of a whole one. */
  add(kind: Kind, text: unknown, place?: Place): void
}

/** What a block may be, by what it holds rather than by its API: servers in between mix their forms. The first row that fits reads it. */
const FORMS: { fits(reading: Reading): unknown; read(reading: Reading): void }[] = [
  { fits: ({ type }) => /^redacted_thinking$|encrypted/.test(type), read: ({ reply }) => reply.known() },
  {
    fits: ({ type, block }) => /think|reason/.test(type) || isString(block.thinking),
    read: ({ block, add, place }) => add('reasoning', thoughtOf(block), place),
  },
  { fits: ({ block }) => isString(block.refusal), read: ({ block, add, place, reply }) => reply.refuse(add, block.refusal, place) },
  {
    fits: ({ block }) => fileOf(block),
    read({ block, reply }) {
      const file = fileOf(block) as Json
      reply.part(file, named(stringOf(file.mediaType)?.startsWith('image/') ? 'an image' : 'a file', file.mediaType))
    },
  },
  { fits: ({ type, block, reply, place }) => readTool(type, block, reply, place.key), read: () => undefined },
  { fits: ({ type }) => /citation|reference|^source/.test(type), read: ({ block, reply }) => readSources(block, reply) },
  {
    fits: ({ block }) => isString(block.text) || isString(objectOf(block.text).value),
    read({ block, add, place, reply }) {
      add('text', textIn(block.text), place)
      readSources([block.annotations, block.citations], reply)
    },
  },
  { fits: ({ block }) => Object.keys(block).length === 0, read: () => undefined },
  {
    fits: () => true,
    read: ({ block, type, reply }) => reply.part({ type: 'other', value: block }, named('a part of an unknown type', type)),
  },
]

/** Reads a content block of any API. With `whole`, the block repeats text that may have come in pieces. */
export function readBlock(value: unknown, reply: Reply, place: Place = {}, whole = false): void {
  const add = whole ? reply.whole : reply.add
  if (isString(value) || typeof value === 'number') add('text', String(value), place)
  else if (isObject(value)) {
    const reading = { block: value, type: isString(value.type) ? value.type : '', reply, place, add }
    FORMS.find(({ fits }) => fits(reading))?.read(reading)
  } else if (value !== null && value !== undefined) reply.unknown('a piece of content', typeof value)
}

const thoughtOf = ({ thinking, reasoning, text, summary, content }: Json) =>
  [thinking, reasoning, text, summary, content].map(textIn).find((each) => each !== '')
