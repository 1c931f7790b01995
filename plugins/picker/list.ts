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
  /** Once the titles are compared; or else, where none matches, once all is searched. */
  titlesCompared(): Promise<void>
  searched(): Promise<void>
  stop(): void
}

export function createList(find: FindMessages, changed: () => void): List {
  const entries: Entry[] = []
  const byId = new Map<string, Entry>()
  let rows: readonly Entry[] = []
  let isNew = false
  let loading = true
  let project: string | undefined
  let waiting: (() => void)[] = []
  const update = () => {
    isNew = true
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
    changed()
  }
  const contents = createContents(find, update)
  let filter = startFilter(entries, '', undefined, update)
  const joined = () => {
    const found = [...contents.hits.keys()].flatMap((id) => byId.get(id) ?? [])
    return [...filter.matches(), ...found.filter((entry) => !filter.has(entry) && (project === undefined || entry.project === project))]
  }
  const until = async (ready: () => boolean) => {
    while (!ready()) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const rowsNow = () => {
    if (isNew) rows = joined()
    isNew = false
    return rows
  }
  const isSearching = () => loading || contents.state === 'searching'
  return {
    rows: rowsNow,
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
      update()
    },
    search(query, within) {
      project = within
      filter.stop()
      filter = startFilter(entries, query, project, update)
      contents.search(query, project === undefined ? undefined : entries.flatMap((entry) => (entry.project === project ? [entry.id] : [])))
    },
    state: () => (typeof contents.state === 'object' ? `search failed: ${contents.state.failed}` : isSearching() ? 'searching…' : ''),
    titlesCompared: () => until(() => filter.isDone()),
    searched: () => until(() => filter.isDone() && (rowsNow().length > 0 || !isSearching())),
    stop() {
      filter.stop()
      contents.stop()
    },
  }
}
