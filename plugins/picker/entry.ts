import type { Session } from 'ainative-code'
import { fold } from '../search/index.ts'

/** A session in the list of the picker. */
export interface Entry {
  id: string
  title: string
  /** The folded title, for comparison. */
  key: string
  project: string | undefined
  created_at: string
  /** The number of messages. */
  messages: number
  tags: string[]
  pinned: boolean
}

/** The maximum length of a title or tag to compare and show, in UTF-16 code units. */
const MAX_LENGTH = 1000
const MAX_TAGS = 20

/** Converts a session to an entry. */
export function entryOf({ id, title, metadata, created_at, message_count: messages, tags }: Session): Entry {
  const { project, pinned } = metadata
  const short = title.slice(0, MAX_LENGTH)
  return {
    ...{ id, title: short, key: fold(short), created_at, messages, pinned: pinned === true },
    tags: tags.slice(0, MAX_TAGS).map((tag) => tag.slice(0, MAX_LENGTH)),
    project: typeof project === 'string' ? project : undefined,
  }
}

/**
 * Ranks a title: 0 if the title begins with the query, 1 if each word of the query starts a word of the title, 2 if the title contains each
 * word. Returns undefined for a title that lacks a word. All arguments are folded.
 */
export function rankOf(key: string, words: string[], query: string): 0 | 1 | 2 | undefined {
  if (!words.every((word) => key.includes(word))) return undefined
  if (words.length === 0) return 2
  if (key.startsWith(query)) return 0
  return words.every((word) => beginsWord(key, word)) ? 1 : 2
}

const LETTER = /[\p{L}\p{N}]/u

function beginsWord(key: string, word: string): boolean {
  for (let at = key.indexOf(word); at >= 0; at = key.indexOf(word, at + 1)) if (at === 0 || !LETTER.test(key.charAt(at - 1))) return true
  return false
}
