import { type Host, openWorker } from 'ainative-code'
import { accessTo } from '../sqlite/index.ts'
import type { Match } from './find.ts'
import { bringUpToDate } from './update.ts'

/** A message that holds words, and its session's id. */
export type FoundMessage = Match & { session: string; message: string; seq: number }

export interface FinderOptions {
  /** Messages, at most. */
  limit: number
  /** The sessions to search; undefined for all. */
  ids?: readonly string[]
  signal: AbortSignal
}

/** Finds what somebody is typing. */
export interface Finder {
  /** The best messages; none where the words hold nothing to search for. */
  find(words: string, options: FinderOptions): Promise<FoundMessage[]>
  close(): Promise<void>
}

/** What the process that searches is asked. */
export interface Question extends Omit<FinderOptions, 'signal'> {
  words: string
}

/** Characters that are indexed at once, so that keys are heard in between. */
const BATCH = 200_000

/** Searches in a process of its own: a word of very many messages takes up to a second, in which no key would be answered. */
export function openFinder(host: Host): Finder {
  const worker = openWorker(host, 'search', { title: 'the search' })
  return {
    async find(words, { signal, ...options }) {
      const access = await accessTo(host)
      // The worker only reads.
      if (access) await bringUpToDate(access, { signal, progress: () => undefined }, BATCH)
      const question: Question = { words, ...options }
      return worker.ask(question, { timeout: Number.POSITIVE_INFINITY, signal })
    },
    close: () => worker.close(),
  }
}
