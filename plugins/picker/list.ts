import type { Session } from 'ainative-code'
import { type ContentSearch, createContentSearch } from './content-search.ts'
import { type Entry, entryOf } from './entry.ts'
import { startFilter } from './filter.ts'
import type { FindMessages, Hit } from './find-messages.ts'

/** The sessions of the picker, and the rows that match the query. */
export interface List {
  /** The matching sessions: matches by title, then matches by content. */
  rows(): readonly Entry[]
  hit(entry: Entry): Hit | undefined
  total(): number
  add(sessions: Session[]): void
  /** Marks the list as complete: no more sessions follow. */
  complete(): void
  /** Replaces the query. `project` limits the search to one project; undefined searches all. */
  search(query: string, project: string | undefined): void
  /** The state for the status line: empty, searching, or the error of a search. */
  state(): string
  /** Resolves when all titles are compared. */
  titlesCompared(): Promise<void>
  /** Resolves when a session matches, or the search ends. */
  searched(): Promise<void>
  stop(): void
}

/** Creates an empty list. `changed` is called when the rows may differ. */
export function createList(find: FindMessages, changed: () => void): List {
  const { entries, byId, add } = createEntries()
  const changes = createChanges(changed)
  const contentSearch = createContentSearch(find, changes.notify)
  let filter = startFilter(entries, '', undefined, changes.notify)
  let loading = true
  let isWithin = isOf(undefined)
  const matches = (): readonly Entry[] => {
    const contentMatches = [...contentSearch.hits.keys()].flatMap((id) => byId.get(id) ?? [])
    return [...filter.matches(), ...contentMatches.filter((entry) => !filter.has(entry) && isWithin(entry))]
  }
  const rows = changes.latest(matches, [])
  const isSearching = () => loading || contentSearch.state === 'searching'
  return {
    rows,
    hit: ({ id }) => contentSearch.hits.get(id),
    total: () => entries.length,
    add(sessions) {
      add(sessions)
      filter.resume()
    },
    complete() {
      loading = false
      changes.notify()
    },
    search(query, project) {
      isWithin = isOf(project)
      filter.stop()
      filter = startFilter((!loading && filter.candidates(query, project)) || entries, query, project, changes.notify)
      contentSearch.search(query, project === undefined ? undefined : entries.filter(isWithin).map(({ id }) => id))
    },
    state: () => stateText(contentSearch.state, loading),
    titlesCompared: () => changes.until(() => filter.isDone()),
    searched: () => changes.until(() => filter.isDone() && (rows().length > 0 || !isSearching())),
    stop() {
      filter.stop()
      contentSearch.stop()
    },
  }
}

function createEntries() {
  const entries: Entry[] = []
  const byId = new Map<string, Entry>()
  const add = (sessions: Session[]) => {
    for (const entry of sessions.map(entryOf)) {
      entries.push(entry)
      byId.set(entry.id, entry)
    }
  }
  return { entries, byId, add }
}

/** The text of the status line for a state of the search by content. */
function stateText(state: ContentSearch['state'], isLoading: boolean): string {
  if (typeof state === 'object') return `search failed: ${state.error}`
  return isLoading || state === 'searching' ? 'searching…' : ''
}

const isOf = (project: string | undefined) => (entry: Entry) => project === undefined || entry.project === project

/** Notifies a listener of changes, and wakes the functions that wait for a condition. */
function createChanges(changed: () => void) {
  let waiting: (() => void)[] = []
  let count = 0
  return {
    notify() {
      count++
      const callbacks = waiting
      waiting = []
      for (const wake of callbacks) wake()
      changed()
    },
    async until(ready: () => boolean): Promise<void> {
      while (!ready()) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    /** Returns a getter that computes the value again only after a change. */
    latest<T>(compute: () => T, first: T): () => T {
      let [value, at] = [first, 0]
      return () => {
        if (at !== count) [value, at] = [compute(), count]
        return value
      }
    },
  }
}
