import { TOKENS_VERSION } from './tokens.ts'

/** What the words of an index depend on: another version of these gives other words for the same text. */
export const INDEX_VERSION = `${TOKENS_VERSION}/${process.versions.unicode}`
