import type { Output } from './output.ts'

export type Kind = 'text' | 'reasoning'

/** One text of a reply, such as a content block, as far as it was sent on. */
export interface Block {
  kind: Kind
  text: string
}

/** Where a text belongs: its key within the reply, and for text the group of those that follow each other without a gap. */
export interface Place {
  key?: string
  group?: string
  /** The keys of a final object may differ from those of the pieces: any block outside of this set counts, and the one found is added. */
  claimed?: Set<Block>
}

/** The texts of a reply: its pieces, and what a text that comes again whole adds to them. */
export function createSpeech({ send, note }: Output) {
  const blocks = new Map<string, Block>()
  const groups: Partial<Record<Kind, string>> = {}
  let last: Kind | undefined
  /** How often text followed thoughts: thoughts that come again are a group of their own. */
  let turns = 0
  const blockAt = (kind: Kind, key = ''): Block => {
    const id = `${kind} ${key}`
    const block = blocks.get(id) ?? { kind, text: '' }
    blocks.set(id, block)
    return block
  }
  const say = (block: Block, text: string, { key, group }: Place) => {
    if (text === '') return
    const { kind } = block
    if (kind === 'text' && last === 'reasoning') turns++
    last = kind
    const own = (kind === 'text' ? group : key || String(turns)) ?? ''
    const gap = groups[kind] !== undefined && groups[kind] !== own ? '\n\n' : ''
    groups[kind] = own
    block.text += text
    send({ [kind]: gap + text })
  }
  return {
    /** Adds a piece of text; a value that is no text adds nothing. */
    add(kind: Kind, text: unknown, place: Place = {}) {
      if (typeof text === 'string' && text !== '') say(blockAt(kind, place.key), text, place)
    },
    /** Adds what is new of a text that comes whole. */
    whole(kind: Kind, text: unknown, place: Place = {}) {
      if (typeof text !== 'string' || text === '') return
      const own = blockAt(kind, place.key)
      const others = place.claimed ? [...blocks.values()].filter((each) => each.kind === kind && !place.claimed?.has(each)) : []
      const begun = [own, ...others].find((each) => each.text !== '' && text.startsWith(each.text))
      const block = begun ?? own
      place.claimed?.add(block)
      if (begun || own.text === '') say(block, text.slice(block.text.length), place)
      else if (!own.text.includes(text)) note('the reply ends with another text than it sent in pieces; the pieces are kept')
    },
    /** The text of a block so far. */
    said: (kind: Kind, key = '') => blocks.get(`${kind} ${key}`)?.text ?? '',
  }
}
