import { TOKENS_VERSION } from './tokens.ts'

/** The version of the index: the tokenizer and the Unicode version of Node, which both determine the words. */
export const INDEX_VERSION = `${TOKENS_VERSION}/${process.versions.unicode}`
