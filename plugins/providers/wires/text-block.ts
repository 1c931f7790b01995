/** Whether a text is part of the reply or of the reasoning before it. */
export type Kind = 'text' | 'reasoning'

/** One text of a reply, such as a content block, as far as it was passed on. */
export interface Block {
  kind: Kind
  text: string
  /** Blocks of one group follow each other without a gap. */
  group?: string
  /** Text that arrived before the block started: its pieces may repeat this text. */
  early?: string
  /** The pieces that repeat the early text so far. */
  repeated?: string
  /** True once a note says that a repetition of the text differs from its pieces. */
  differs?: boolean
  /** The types of events that repeated the text. */
  repeatedBy?: Set<string>
}

/** Where a text belongs: its key within the reply, and for text the group of those that follow each other without a gap. */
export interface Place {
  key?: string
  group?: string
}

/** Adds a text, or what a value holds as text, to a reply. */
export type Add = (kind: Kind, value: unknown, place?: Place) => void

/** The id of a block among those of a reply. */
export const blockId = (kind: Kind, key = '') => `${kind} ${key}`
