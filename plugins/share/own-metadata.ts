import type { Json } from 'ainative-code'

/** Metadata that concerns one session alone: it would pin a copy, or keep it on this device. */
const OWN_KEYS = ['pinned', 'sync']

/** The metadata that a copy of a session takes over. */
export const copiedMetadata = (metadata: Json): Json =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => !OWN_KEYS.includes(key)))
