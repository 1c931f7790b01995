import { blockId, type TextBlock, type TextKind } from './text-block.ts'

/** A text in an object that repeats the reply at the end of an answer. */
export interface Repeat {
  kind: TextKind
  text: string
  key: string
}

/**
 * Returns a function that finds the block which a text repeats; undefined stands for the block with the same key. The keys in a final
 * object may differ from those of the pieces, so the rules prefer an equal text to a text that only starts like a block.
 */
export function matchRepeats(repeats: Repeat[], blocks: Map<string, TextBlock>) {
  const { found, free } = assign(repeats, blocks)
  return (kind: TextKind, key?: string): TextBlock | undefined => {
    const id = blockId(kind, key)
    const own = blocks.get(id)
    // Each block has at most one text that repeats it.
    const isTaken = own !== undefined && own.text !== '' && !free.has(own)
    return found.get(id) ?? (isTaken ? { kind, text: '', group: `another ${id}` } : own)
  }
}

/** Assigns a block to each text, by its id; `free` are the blocks that no text repeats. */
function assign(repeats: Repeat[], blocks: Map<string, TextBlock>): { found: Map<string, TextBlock>; free: Set<TextBlock> } {
  const free = new Set([...blocks.values()].filter(({ text }) => text !== ''))
  const found = new Map<string, TextBlock>()
  // The pieces of several texts may have arrived in one block.
  const same = KINDS.filter((kind) => joinTexts(repeats, kind) === joinTexts([...blocks.values()], kind))
  for (const { kind, text, key } of repeats) if (same.includes(kind)) found.set(blockId(kind, key), { kind, text })
  const equal = grouped(free)
  /** The block with the key of the text, if no other text repeats this block and `fits` accepts its text. */
  const own = ({ kind, key }: Repeat, fits: (text: string) => boolean) => {
    const block = blocks.get(blockId(kind, key))
    return block && free.has(block) && fits(block.text) ? block : undefined
  }
  const rules: ((repeat: Repeat) => TextBlock | undefined)[] = [
    (repeat) => own(repeat, (text) => text === repeat.text),
    ({ kind, text }) => equal.get(blockId(kind, text))?.find((block) => free.has(block)),
    (repeat) => own(repeat, (text) => repeat.text.startsWith(text)),
    ({ kind, text }) => findFirst(free, (block) => block.kind === kind && text.startsWith(block.text)),
  ]
  for (const rule of rules) {
    for (const repeat of repeats) {
      const id = blockId(repeat.kind, repeat.key)
      const block = found.has(id) ? undefined : rule(repeat)
      if (!block) continue
      found.set(id, block)
      free.delete(block)
    }
  }
  return { found, free }
}

/** The first block with exactly this text that no event of this type has repeated yet, so that two equal messages are both kept. */
export const equalBlock = (blocks: Iterable<TextBlock>, { kind, text }: Omit<Repeat, 'key'>, event: string): TextBlock | undefined =>
  findFirst(blocks, (block) => text !== '' && block.kind === kind && block.text === text && !block.repeatedBy?.has(event))

const KINDS: TextKind[] = ['text', 'reasoning']

const joinTexts = (texts: { kind: TextKind; text: string }[], kind: TextKind) =>
  texts
    .filter((each) => each.kind === kind)
    .map(({ text }) => text)
    .join('')

/** Groups the blocks by their kind and text. */
function grouped(blocks: Iterable<TextBlock>): Map<string, TextBlock[]> {
  const groups = new Map<string, TextBlock[]>()
  for (const block of blocks) {
    const id = blockId(block.kind, block.text)
    const group = groups.get(id)
    if (group) group.push(block)
    else groups.set(id, [block])
  }
  return groups
}

/** Returns the first value that fits. */
export function findFirst<T>(values: Iterable<T>, fits: (value: T) => boolean): T | undefined {
  for (const value of values) if (fits(value)) return value
  return undefined
}
