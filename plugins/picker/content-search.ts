import { messageOf } from 'ainative-code'
import type { FindMessages, Hit } from './find-messages.ts'

/** Searches the contents of messages for a query, when typing pauses. */
export interface Contents {
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
export function createContents(find: FindMessages, changed: () => void): Contents {
  let current = new AbortController()
  const contents: Contents = {
    hits: new Map(),
    state: 'idle',
    search(query, ids) {
      contents.stop()
      contents.hits = new Map()
      contents.state = query.trim() ? 'searching' : 'idle'
      if (contents.state === 'idle') return
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
      contents.hits = bySession(hits)
      contents.state = 'idle'
    } catch (error) {
      if (signal.aborted) return
      contents.state = { error: messageOf(error) }
    }
    changed()
  }
  return contents
}

function bySession(hits: Hit[]): Map<string, Hit> {
  const best = new Map<string, Hit>()
  for (const hit of hits) if (!best.has(hit.session)) best.set(hit.session, hit)
  return best
}
