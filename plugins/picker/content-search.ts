import { messageOf } from 'ainative-code'
import type { FindMessages, Hit } from './find-messages.ts'

/** Searches the contents of messages for a query, when typing pauses. */
export interface ContentSearch {
  /** The best message per session, by session id, best first. */
  hits: ReadonlyMap<string, Hit>
  state: 'idle' | 'searching' | { error: string }
  /** Replaces the query and starts a search; a blank query matches nothing. `ids` limits the sessions. */
  search(query: string, ids: readonly string[] | undefined): void
  stop(): void
}

/** The pause in typing before a search starts. */
const PAUSE_MS = 150
/** The maximum number of messages per search. */
const LIMIT = 200

/** Creates a search of contents. `changed` is called when a search ends. */
export function createContentSearch(find: FindMessages, changed: () => void): ContentSearch {
  let current = new AbortController()
  const contentSearch: ContentSearch = {
    hits: new Map(),
    state: 'idle',
    search(query, ids) {
      contentSearch.stop()
      contentSearch.hits = new Map()
      contentSearch.state = query.trim() ? 'searching' : 'idle'
      if (contentSearch.state === 'idle') return
      const { signal } = current
      const timer = setTimeout(() => void run(query, ids, signal), PAUSE_MS)
      signal.addEventListener('abort', () => clearTimeout(timer))
    },
    stop() {
      current.abort()
      current = new AbortController()
    },
  }
  const run = async (query: string, ids: readonly string[] | undefined, signal: AbortSignal) => {
    try {
      const hits = await find(query, { limit: LIMIT, ids, signal })
      if (signal.aborted) return
      contentSearch.hits = bySession(hits)
      contentSearch.state = 'idle'
    } catch (error) {
      if (signal.aborted) return
      contentSearch.state = { error: messageOf(error) }
    }
    changed()
  }
  return contentSearch
}

function bySession(hits: Hit[]): Map<string, Hit> {
  const best = new Map<string, Hit>()
  for (const hit of hits) if (!best.has(hit.session)) best.set(hit.session, hit)
  return best
}
