import type { Output } from './output.ts'
import { counterparts, equalBlock, find, idOf, type Repeat } from './repeats.ts'
import { isNothing, textFound, textIn } from './values.ts'

export type Kind = 'text' | 'reasoning'

/** One text of a reply, such as a content block, as far as it was sent on. */
export interface Block {
  kind: Kind
  text: string
  /** What it follows without a gap. */
  group?: string
  /** A text that came before its block began: the pieces of the block may repeat it. */
  early?: string
  /** The pieces that repeat the early text so far. */
  again?: string
  /** Whether a note says that the text came again as another one. */
  differs?: boolean
  /** The events that have sent the text once more. */
  repeatedBy?: Set<string>
}

export type Add = (kind: Kind, value: unknown, place?: Place) => void

/** Where a text belongs: its key within the reply, and for text the group of those that follow each other without a gap. */
export interface Place {
  key?: string
  group?: string
}

/** How often the texts of one entry, and those of the whole reply, are searched: a needless note is better than a time that grows with the square. */
const ENTRY_SEARCHES = 1000
const SEARCHES = 100

/** The texts of a reply: its pieces, and what a text that comes again whole adds to them. */
export function createSpeech({ send, note }: Output) {
  const blocks = new Map<string, Block>()
  const groups: Partial<Record<Kind, string>> = {}
  let last: Kind | undefined
  /** The texts of the current entry. */
  let read = new Set<string>()
  let entrySearches = ENTRY_SEARCHES
  let searches = SEARCHES
  /** How often text followed thoughts: thoughts that come again are a group of their own. */
  let turns = 0
  const blockAt = (kind: Kind, key = ''): Block => {
    const id = idOf(kind, key)
    const block = blocks.get(id) ?? { kind, text: '' }
    blocks.set(id, block)
    return block
  }
  const say = (block: Block, text: string, { key, group }: Place) => {
    if (text === '') return
    const { kind } = block
    if (kind === 'text' && last === 'reasoning') turns++
    last = kind
    block.group ??= kind === 'text' ? (group ?? '') : key || undefined
    const own = block.group ?? String(turns)
    const gap = groups[kind] !== undefined && groups[kind] !== own ? '\n\n' : ''
    groups[kind] = own
    block.text += text
    send({ [kind]: gap + text })
  }
  /** The text of a value: itself, or what it holds. A value that holds something else is noted. */
  const textOf = (value: unknown): string => {
    const text = textFound(value)
    if (text) read.add(text)
    else if (text === undefined && !isNothing(value)) note(`passed over a text of an unknown type (${typeof value})`)
    return text ?? ''
  }
  return {
    /** Adds a piece of text. */
    add(kind: Kind, value: unknown, place: Place = {}) {
      const block = blockAt(kind, place.key)
      say(block, withoutEarly(block, textOf(value)), place)
    },
    /** Adds what is new of a text that comes whole; `block` is the one that the text repeats, if not that of its place. */
    whole(kind: Kind, value: unknown, place: Place = {}, block = blockAt(kind, place.key)) {
      const wasRead = read.has(textIn(value))
      const text = textOf(value)
      if (text.startsWith(block.text)) return say(block, text.slice(block.text.length), place)
      if (text === '' || wasRead || block.differs || (searches-- > 0 && block.text.includes(text))) return
      block.differs = true
      note('the reply ends with another text than it sent in pieces; the pieces are kept')
    },
    /** Says that the blocks of the texts so far are still to come. */
    expectAgain() {
      for (const block of blocks.values()) block.early = block.text
    },
    /** Finds the block that each of the texts repeats. */
    match: (repeats: Repeat[]) => counterparts(repeats, blocks),
    /** The block that an event repeats: that of its own key or, where that holds nothing, one of the same text. */
    repeated(event: string, { kind, text, key }: Repeat): Block {
      const own = blockAt(kind, key)
      const block = (own.text === '' && equalBlock(blocks.values(), { kind, text }, event)) || own
      block.repeatedBy = (block.repeatedBy ?? new Set()).add(event)
      return block
    },
    /** The text of a block so far. */
    said: (kind: Kind, key = '') => blocks.get(idOf(kind, key))?.text ?? '',
    /** Ends an entry. */
    nextEntry() {
      read = new Set()
      entrySearches = ENTRY_SEARCHES
    },
    /** Whether the current entry has brought exactly this text. */
    hasRead: (text: string) => read.has(text),
    /** Whether the current entry or a block so far holds the text; false after too many searches. */
    hasText: (text: string) =>
      (entrySearches-- > 0 && find(read, (each) => each.includes(text)) !== undefined) ||
      (searches-- > 0 && find(blocks.values(), (each) => each.text.includes(text)) !== undefined),
  }
}

/** What a piece adds to a block whose text came early: nothing while its pieces may repeat that text. */
function withoutEarly(block: Block, piece: string): string {
  const { early, again = '' } = block
  if (early === undefined) return piece
  const all = again + piece
  block.again = all
  if (early.startsWith(all)) return ''
  block.early = undefined
  return all.startsWith(early) ? all.slice(early.length) : all
}
