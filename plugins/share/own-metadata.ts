import type { Json } from 'ainative-code'

/** The metadata keys that a copy must not take over: `pinned` pins a session, `sync` keeps it on one device. */
const OWN_KEYS = ['pinned', 'sync']

/** Returns the metadata that a copy of a session takes over. */
export const copiedMetadata = (metadata: Json): Json =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => !OWN_KEYS.includes(key)))
