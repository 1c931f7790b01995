import type { Session } from 'ainative-code'
import { createContents } from './contents.ts'
import { startFilter } from './filter.ts'
import type { FindMessages, Hit } from './find.ts'
import { type Entry, entryOf } from './titles.ts'

/** The sessions to choose from, and those that match. */
export interface List {
  /** Those that match, by title and then by content; the last ones until there are new ones. */
  rows(): readonly Entry[]
  hit(entry: Entry): Hit | undefined
  total(): number
  add(sessions: Session[]): void
  /** Marks that all were added. */
  complete(): void
  /** Looks for another query, in one project or in all. */
  search(query: string, project: string | undefined): void
  /** What is under way, or went wrong. */
  state(): string
  /** Once the titles are compared. */
  titlesCompared(): Promise<void>
  /** Once something matches, or all is searched. */
  searched(): Promise<void>
  stop(): void
}

export function createList(find: FindMessages, changed: () => void): List {
  const entries: Entry[] = []
  const byId = new Map<string, Entry>()
  const changes = createChanges(changed)
  const contents = createContents(find, changes.tell)
  let filter = startFilter(entries, '', undefined, changes.tell)
  let loading = true
  let isWithin = isOf(undefined)
  const found = () => [...contents.hits.keys()].flatMap((id) => byId.get(id) ?? [])
  const joined = (): readonly Entry[] => [...filter.matches(), ...found().filter((entry) => !filter.has(entry) && isWithin(entry))]
  const rows = changes.latest(joined, [])
  const isSearching = () => loading || contents.state === 'searching'
  return {
    rows,
    hit: ({ id }) => contents.hits.get(id),
    total: () => entries.length,
    add(sessions) {
      for (const entry of sessions.map(entryOf)) {
        entries.push(entry)
        byId.set(entry.id, entry)
      }
      filter.resume()
    },
    complete() {
      loading = false
      changes.tell()
    },
    search(query, project) {
      isWithin = isOf(project)
      filter.stop()
      filter = startFilter((!loading && filter.candidates(query, project)) || entries, query, project, changes.tell)
      contents.search(query, project === undefined ? undefined : entries.filter(isWithin).map(({ id }) => id))
    },
    state: () => (typeof contents.state === 'object' ? `search failed: ${contents.state.failed}` : isSearching() ? 'searching…' : ''),
    titlesCompared: () => changes.until(() => filter.isDone()),
    searched: () => changes.until(() => filter.isDone() && (rows().length > 0 || !isSearching())),
    stop() {
      filter.stop()
      contents.stop()
    },
  }
}

const isOf = (project: string | undefined) => (entry: Entry) => project === undefined || entry.project === project

/** Tells of changes, to a listener and to those that wait for one. */
function createChanges(changed: () => void) {
  let waiting: (() => void)[] = []
  let count = 0
  return {
    tell() {
      count++
      const woken = waiting
      waiting = []
      for (const wake of woken) wake()
      changed()
    },
    async until(ready: () => boolean): Promise<void> {
      while (!ready()) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    /** A value that is computed again after a change, when it is asked for. */
    latest<T>(compute: () => T, first: T): () => T {
      let [value, at] = [first, 0]
      return () => {
        if (at !== count) [value, at] = [compute(), count]
        return value
      }
    },
  }
}
