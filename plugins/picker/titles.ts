import type { Session } from 'ainative-code'
import { fold } from '../search/index.ts'

/** A session as the picker keeps it. */
export interface Entry {
  id: string
  title: string
  /** The title to compare with. */
  key: string
  project: string | undefined
  created_at: string
  messages: number
  tags: string[]
  pinned: boolean
}

/** Longer titles are compared and shown up to here. */
const LONGEST = 1000
const MOST_TAGS = 20

export function entryOf({ id, title, metadata, created_at, message_count: messages, tags }: Session): Entry {
  const { project, pinned } = metadata
  const short = title.slice(0, LONGEST)
  return {
    ...{ id, title: short, key: fold(short), created_at, messages, pinned: pinned === true },
    tags: tags.slice(0, MOST_TAGS).map((tag) => tag.slice(0, LONGEST)),
    project: typeof project === 'string' ? project : undefined,
  }
}

/** How well a title matches: 0 begins with the query, 1 has every word at a word's start, 2 has every word; undefined lacks one. */
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
