import { fold } from '../search/index.ts'
import { type Entry, rankOf } from './entry.ts'
import { wordsOf } from './query-words.ts'

/** Filters entries by title, in short slices, so that keys respond immediately. */
export interface Filter {
  /** The matches so far, best first. */
  matches(): Entry[]
  has(entry: Entry): boolean
  /** The matches in their original order, if another query can match only a subset of them; otherwise undefined. */
  candidates(query: string, project: string | undefined): readonly Entry[] | undefined
  /** True if the filter has compared all entries. */
  isDone(): boolean
  /** Continues with entries that were added to the list. */
  resume(): void
  stop(): void
}

/** The maximum duration of a slice, in milliseconds. */
const SLICE_MS = 8
/** The number of entries to compare between two checks of the time. */
const STEP = 200

/** Starts a filter by query and project. `changed` is called after each slice. */
export function startFilter(entries: readonly Entry[], query: string, project: string | undefined, changed: () => void): Filter {
  const [words, start] = [wordsOf(query), fold(query.trim())]
  const ranks: [Entry[], Entry[], Entry[]] = [[], [], []]
  const matching = new Set<Entry>()
  let next = 0
  let timer: NodeJS.Immediate | undefined
  const test = (entry: Entry) => {
    const rank = project === undefined || entry.project === project ? rankOf(entry.key, words, start) : undefined
    if (rank === undefined) return
    ranks[rank].push(entry)
    matching.add(entry)
  }
  const slice = () => {
    timer = undefined
    for (const until = performance.now() + SLICE_MS; next < entries.length && performance.now() < until; )
      for (const end = Math.min(next + STEP, entries.length); next < end; next++) test(entries[next] as Entry)
    if (next < entries.length) resume()
    changed()
  }
  const resume = () => {
    timer ??= setImmediate(slice)
  }
  resume()
  return {
    // concat() takes a tenth of the time of flat().
    matches: () => ranks[0].concat(ranks[1], ranks[2]),
    has: (entry) => matching.has(entry),
    candidates: (other, otherProject) =>
      timer === undefined && otherProject === project && fold(other.trim()).startsWith(start) ? [...matching] : undefined,
    isDone: () => timer === undefined,
    resume,
    stop: () => clearImmediate(timer),
  }
}
