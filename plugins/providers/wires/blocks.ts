import type { Json } from 'ainative-code'
import { fileOf } from './files.ts'
import { named } from './names.ts'
import { AGAIN } from './parts.ts'
import type { Reply } from './reply.ts'
import { readSources } from './sources.ts'
import type { Add, Place } from './speech.ts'
import { type Keeper, toolOf } from './tools.ts'
import { isObject, isString, stringOf, textFound, textIn } from './values.ts'

/** A content block while it is read. */
interface Reading {
  block: Json
  type: string
  reply: Reply
  place: Place
  /** Adds a text of the block: a piece, or what is new of a whole one. */
  add: Add
  keeper: Keeper
}

/** What a block may be, by what it holds rather than by its API: servers in between mix their forms. */
interface Form {
  fits(reading: Reading): unknown
  read(reading: Reading): void
}

/** What a block is: the first row that fits reads all of it. */
const KINDS: Form[] = [
  { fits: ({ type }) => /^redacted_thinking$|encrypted/.test(type), read: ({ reply }) => reply.known() },
  {
    fits: ({ type, block }) => /think|reason/.test(type) || isString(block.thinking),
    read: ({ block, add, place }) => add('reasoning', thoughtOf(block), place),
  },
  { fits: ({ block }) => isString(block.refusal), read: ({ block, add, place, reply }) => reply.refuse(add, block.refusal, place) },
  { fits: ({ type }) => /citation|reference|^source/.test(type), read: ({ block, reply }) => readSources(block, reply) },
]

/** What any other block holds, which may be several: each row that fits reads its own. */
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
    read({ block, keeper }) {
      const file = fileOf(block) as Json
      keeper.part(file, named(stringOf(file.mediaType)?.startsWith('image/') ? 'an image' : 'a file', file.mediaType))
    },
  },
  { fits: ({ type, block }) => toolOf(type, block), read: ({ type, block, keeper, place }) => toolOf(type, block)?.(keeper, place.key) },
]

/** Reads a content block of any API; `add` is `reply.whole` for a block that repeats text that may have come in pieces. */
export function readBlock(value: unknown, reply: Reply, place: Place = {}, add: Add = reply.add): void {
  if (isString(value) || typeof value === 'number') add('text', String(value), place)
  else if (isObject(value)) {
    const reading = {
      block: value,
      type: isString(value.type) ? value.type : '',
      reply,
      place,
      add,
      keeper: add === reply.add ? keeperOfPieces(reply) : keeperOfRepeats(reply),
    }
    const kind = KINDS.find(({ fits }) => fits(reading))
    const forms = kind ? [kind] : CONTENTS.filter(({ fits }) => fits(reading))
    for (const { read } of forms) read(reading)
    if (forms.length > 0 || Object.keys(value).length === 0) return
    reading.keeper.part({ type: 'other', value }, named('a part of an unknown type', reading.type))
  } else if (Array.isArray(value)) for (const each of value) readBlock(each, reply, place, add)
  else if (value !== null && value !== undefined) reply.unknown('a piece of content', typeof value)
}

/** A block that comes once is another one than any equal one before it. */
const keeperOfPieces = (reply: Reply): Keeper => ({ call: reply.call, part: (part, what) => reply.part(part, what, true) })

const keeperOfRepeats = ({ part, call }: Reply): Keeper => ({ part, call: (key, ...rest) => call(`${AGAIN}${key}`, ...rest) })

const thoughtOf = ({ thinking, reasoning, text, summary, content }: Json) =>
  [thinking, reasoning, text, summary, content].map(textIn).find((each) => each !== '')
