import { generateMnemonic, mnemonicToEntropy, validateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { Problem } from 'ainative-code'

/** The number of words of a key. */
export const WORDS = 24

/** The strength of 24 words, in bits. */
const BITS = 256

/** Returns 24 random words of the list of BIP-39. */
export const newWords = (): string[] => generateMnemonic(wordlist, BITS).split(' ')

/** Returns the 32 bytes that the words encode. */
export const entropyOf = (words: readonly string[]): Uint8Array => mnemonicToEntropy(words.join(' '), wordlist)

/** Parses 24 words, case-insensitive and with any white space between them. Throws a Problem with the positions of mistakes. */
export function parseWords(text: string): string[] {
  const words = text.normalize('NFKD').toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length !== WORDS) throw wrongWords(`a key has ${WORDS} words, and the input has ${words.length}`)
  const known = new Set(wordlist)
  const unknown = words.flatMap((word, i) => (known.has(word) ? [] : [i + 1]))
  if (unknown.length > 0)
    throw wrongWords(
      unknown.length === 1
        ? `word ${unknown[0]} is misspelled: it is not in the list of BIP-39`
        : `the words ${unknown.join(', ')} are misspelled: they are not in the list of BIP-39`,
    )
  if (!areWords(words)) throw wrongWords('every word is in the list, but the checksum does not match: a word is wrong, or two are swapped')
  return words
}

/** True if these are 24 words of the list, with a valid checksum. */
export const areWords = (words: readonly string[]): boolean => words.length === WORDS && validateMnemonic(words.join(' '), wordlist)

const wrongWords = (message: string) => new Problem('key', message, { hint: 'compare the input with the words that you wrote down' })
