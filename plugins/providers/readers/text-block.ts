/** The kind of a text: a part of the reply, or of the reasoning before the reply. */
export type TextKind = 'text' | 'reasoning'

/** One text of a reply, such as a content block. `text` is the part that has arrived. */
export interface TextBlock {
  kind: TextKind
  text: string
  /** Blocks of one group follow each other without a gap. */
  group?: string
  /** Text that arrived before the first piece of the block; the pieces may repeat this text. */
  early?: string
  /** The pieces that repeat the early text so far. */
  repeated?: string
  /** True once a note says that a repetition of the text differs from its pieces. */
  differs?: boolean
  /** The types of events that repeated the text. */
  repeatedBy?: Set<string>
}

/** The place of a text in the reply: its key, and its group. Texts of one group follow each other without a gap. */
export interface TextPlace {
  key?: string
  group?: string
}

/** Adds a text, or the text that a value contains, to a reply. */
export type AddText = (kind: TextKind, value: unknown, place?: TextPlace) => void

/** The id of a block in a reply. */
export const blockId = (kind: TextKind, key = '') => `${kind} ${key}`
