import type { Json } from 'ainative-code'

/** One JSON object of an answer. */
export interface Entry {
  json: Json
  /** The name of its event, or the type of its frame. */
  event?: string
  /** Present if the answer is JSON instead of a stream: this object, or an array that contains this item. */
  document?: 'object' | 'item'
  /** True for the mark that ends a stream. */
  done?: boolean
}

/** Matches the names of events that only keep a connection alive, with any data. Any API may send them. */
export const HEARTBEAT = /^(ping|heart-?beat|keep-?alive)$/i

/** Reads the bytes of one kind of answer, in pieces of any size. */
export interface Parser {
  feed(bytes: Uint8Array): void
  /** Reads the rest at the end of the bytes; true if the rest is an incomplete entry. */
  end(): boolean
}

/** Creates a parser, which passes each entry to `emit`, and each line that belongs to no event to `onText`. */
export type MakeParser = (emit: (entry: Entry) => void, note: (text: string) => void, onText: (text: string) => void) => Parser
