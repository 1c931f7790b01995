import type { Block, Kind } from './speech.ts'

/** A text of an object that repeats the reply at its end. */
export interface Repeat {
  kind: Kind
  text: string
  key: string
}

/** The id of a block among those of a reply. */
export const idOf = (kind: Kind, key = '') => `${kind} ${key}`

/**
 * Tells which block a text repeats; undefined for the one at its own key. The keys of a final object may differ from those of the pieces,
 * so an equal text goes before one that a block begins.
 */
export function counterparts(repeats: Repeat[], blocks: Map<string, Block>) {
  const free = new Set([...blocks.values()].filter(({ text }) => text !== ''))
  const found = new Map<string, Block>()
  // The pieces of several texts may have come as one.
  const same = KINDS.filter((kind) => joined(repeats, kind) === joined([...blocks.values()], kind))
  for (const { kind, text, key } of repeats) if (same.includes(kind)) found.set(idOf(kind, key), { kind, text })
  const equal = grouped(free)
  /** The block at the text's own key, if it is free and fits. */
  const own = ({ kind, key }: Repeat, fits: (text: string) => boolean) => {
    const block = blocks.get(idOf(kind, key))
    return block && free.has(block) && fits(block.text) ? block : undefined
  }
  const rules: ((repeat: Repeat) => Block | undefined)[] = [
    (repeat) => own(repeat, (text) => text === repeat.text),
    ({ kind, text }) => equal.get(idOf(kind, text))?.find((block) => free.has(block)),
    (repeat) => own(repeat, (text) => repeat.text.startsWith(text)),
    ({ kind, text }) => find(free, (block) => block.kind === kind && text.startsWith(block.text)),
  ]
  for (const rule of rules) {
    for (const repeat of repeats) {
      const id = idOf(repeat.kind, repeat.key)
      const block = found.has(id) ? undefined : rule(repeat)
      if (!block) continue
      found.set(id, block)
      free.delete(block)
    }
  }
  return (kind: Kind, key?: string): Block | undefined => {
    const id = idOf(kind, key)
    const own = blocks.get(id)
    // A block that another text repeats is not repeated by this one.
    const isTaken = own !== undefined && own.text !== '' && !free.has(own)
    return found.get(id) ?? (isTaken ? { kind, text: '', group: `another ${id}` } : own)
  }
}

/** The first block of exactly this text that no event of the same type has repeated before: two equal messages are two. */
export const equalBlock = (blocks: Iterable<Block>, { kind, text }: Omit<Repeat, 'key'>, event: string): Block | undefined =>
  find(blocks, (block) => text !== '' && block.kind === kind && block.text === text && !block.repeatedBy?.has(event))

const KINDS: Kind[] = ['text', 'reasoning']

const joined = (texts: { kind: Kind; text: string }[], kind: Kind) =>
  texts
    .filter((each) => each.kind === kind)
    .map(({ text }) => text)
    .join('')

/** The blocks by their kind and text. */
function grouped(blocks: Iterable<Block>): Map<string, Block[]> {
  const groups = new Map<string, Block[]>()
  for (const block of blocks) {
    const id = idOf(block.kind, block.text)
    const group = groups.get(id)
    if (group) group.push(block)
    else groups.set(id, [block])
  }
  return groups
}

/** The first of the values that fits. */
export function find<T>(values: Iterable<T>, is: (value: T) => boolean): T | undefined {
  for (const value of values) if (is(value)) return value
  return undefined
}
