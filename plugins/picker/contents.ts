import { messageOf } from 'ainative-code'
import type { FindMessages, Hit } from './find.ts'

/** The best message of each session for a query, searched once typing pauses. */
export interface Contents {
  /** By session, the best first. */
  hits: ReadonlyMap<string, Hit>
  state: 'idle' | 'searching' | { failed: string }
  /** Searches for a query instead of the one before; a blank one finds nothing. */
  search(query: string, ids: readonly string[] | undefined): void
  stop(): void
}

const PAUSE_MS = 150
const LIMIT = 200

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
      contents.state = { failed: messageOf(error) }
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
