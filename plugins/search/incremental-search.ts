import { type Host, openWorker } from 'ainative-code'
import { accessTo } from '../sqlite/index.ts'
import type { Match } from './find.ts'
import { updateIndex } from './update-index.ts'

/** A message that matches, with the id of its session. */
export type FoundMessage = Match & { session: string; message: string; seq: number }

/** The options of IncrementalSearch.find(). */
export interface IncrementalSearchOptions {
  /** The maximum number of messages. */
  limit: number
  /** The sessions to search; undefined for all. */
  ids?: readonly string[]
  signal: AbortSignal
}

/** Searches while the user is typing. */
export interface IncrementalSearch {
  /** Finds the best messages; none if the words contain nothing to search for. */
  find(words: string, options: IncrementalSearchOptions): Promise<FoundMessage[]>
  close(): Promise<void>
}

/** The question to the search worker. */
export interface Question extends Omit<IncrementalSearchOptions, 'signal'> {
  words: string
}

/** The number of characters to index per transaction: the event loop handles keys between two transactions. */
const BATCH = 200_000

/**
 * Opens a search in a worker: a very common word takes up to a second, during which the terminal would not respond to keys.
 */
export function openIncrementalSearch(host: Host): IncrementalSearch {
  const worker = openWorker(host, 'search', { title: 'the search' })
  return {
    async find(words, { signal, ...options }) {
      const access = await accessTo(host)
      // The worker cannot write, so this process updates the index.
      if (access) await updateIndex(access, { signal, progress: () => undefined }, BATCH)
      const question: Question = { words, ...options }
      return worker.ask(question, { timeout: Number.POSITIVE_INFINITY, signal })
    },
    close: () => worker.close(),
  }
}
