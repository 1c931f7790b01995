import type { Output } from './output.ts'
import { equalBlock, findFirst, matchRepeats, type Repeat } from './repeats.ts'
import { blockId, type TextBlock, type TextKind, type TextPlace } from './text-block.ts'
import { isNothing, textFound, textIn } from './values.ts'

/** Collects the texts of a reply: their pieces, and the additional text of an object that repeats the whole text. */
export function createTexts(output: Output) {
  const blocks = new Map<string, TextBlock>()
  const { addToEntry, isInBlock, ...search } = createSearch(blocks)
  const { blockAt, ...lookup } = createLookup(blocks)
  const append = createAppender(output)
  /** Returns the text that a value is or contains. Adds a note for any other value. */
  const textOf = (value: unknown): string => {
    const text = textFound(value)
    if (text) addToEntry(text)
    else if (text === undefined && !isNothing(value)) output.note(`skipped a text of an unknown type (${typeof value})`)
    return text ?? ''
  }
  return {
    ...search,
    ...lookup,
    /** Adds a piece of text. */
    add(kind: TextKind, value: unknown, place: TextPlace = {}) {
      const block = blockAt(kind, place.key)
      append(block, dropEarlyText(block, textOf(value)), place)
    },
    /** Adds the new part of a whole text. `block` is the block that the text repeats, by default the block at the same place. */
    addWhole(kind: TextKind, value: unknown, place: TextPlace = {}, block = blockAt(kind, place.key)) {
      const isKnown = search.isInEntry(textIn(value))
      const text = textOf(value)
      if (text.startsWith(block.text)) return append(block, text.slice(block.text.length), place)
      if (text === '' || isKnown || block.differs || isInBlock(text, block)) return
      block.differs = true
      output.note('the text at the end of the reply differs from its pieces; the pieces are kept')
    },
  }
}

/** Finds blocks by their keys and their texts. */
function createLookup(blocks: Map<string, TextBlock>) {
  const blockAt = (kind: TextKind, key = ''): TextBlock => {
    const id = blockId(kind, key)
    const block = blocks.get(id) ?? { kind, text: '' }
    blocks.set(id, block)
    return block
  }
  return {
    blockAt,
    /** The text of a block so far. */
    textSoFar: (kind: TextKind, key = '') => blocks.get(blockId(kind, key))?.text ?? '',
    /** Records that later pieces of the current blocks may repeat the text so far. */
    expectRepeats() {
      for (const block of blocks.values()) block.early = block.text
    },
    /** Finds the block that each of the texts repeats. */
    matchRepeats: (repeats: Repeat[]) => matchRepeats(repeats, blocks),
    /** The block that an event repeats: the block with the same key, or, if that block is empty, a block with the same text. */
    repeatedBlock(event: string, { kind, text, key }: Repeat): TextBlock {
      const own = blockAt(kind, key)
      const block = (own.text === '' && equalBlock(blocks.values(), { kind, text }, event)) || own
      block.repeatedBy = (block.repeatedBy ?? new Set()).add(event)
      return block
    },
  }
}

/** Passes text on as chunks, with an empty line between texts that do not belong together. */
function createAppender({ send }: Output) {
  const groups: Partial<Record<TextKind, string>> = {}
  let last: TextKind | undefined
  /** The number of times that text followed reasoning. Reasoning after text starts a new group. */
  let turns = 0
  return (block: TextBlock, text: string, { key, group }: TextPlace) => {
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
}

/** The maximum numbers of searches in the texts of one entry and of the whole reply. An unnecessary note is better than quadratic time. */
const MAX_ENTRY_SEARCHES = 1000
const MAX_SEARCHES = 100

/** Searches the texts of the current entry and of the reply. */
function createSearch(blocks: Map<string, TextBlock>) {
  let entry = new Set<string>()
  let entrySearches = MAX_ENTRY_SEARCHES
  let searches = MAX_SEARCHES
  return {
    addToEntry: (text: string) => entry.add(text),
    nextEntry() {
      entry = new Set()
      entrySearches = MAX_ENTRY_SEARCHES
    },
    /** True if the current entry has exactly this text. */
    isInEntry: (text: string) => entry.has(text),
    /** True if the block contains the text; false after too many searches. */
    isInBlock: (text: string, block: TextBlock) => searches-- > 0 && block.text.includes(text),
    /** True if the current entry or a block contains the text; false after too many searches. */
    isInTexts: (text: string) =>
      (entrySearches-- > 0 && findFirst(entry, (each) => each.includes(text)) !== undefined) ||
      (searches-- > 0 && findFirst(blocks.values(), (each) => each.text.includes(text)) !== undefined),
  }
}

/** Returns the new part of a piece for a block with early text: nothing as long as the pieces may repeat the early text. */
function dropEarlyText(block: TextBlock, piece: string): string {
  const { early, repeated = '' } = block
  if (early === undefined) return piece
  const all = repeated + piece
  block.repeated = all
  if (early.startsWith(all)) return ''
  block.early = undefined
  return all.startsWith(early) ? all.slice(early.length) : all
}
