import { type Message, messageOf, type Store } from 'ainative-code'
import type { Hit } from './find.ts'
import type { Entry } from './titles.ts'

/** The message that is shown of the chosen session. */
export interface Preview {
  /** The text, from shortly before the first word that was searched for. */
  text: string
  /** What stands above it: the message's number and role. */
  heading: string
}

export interface Previews {
  /** The preview of an entry where it is there; else it is loaded. */
  of(entry: Entry, hit: Hit | undefined): Preview | undefined
  stop(): void
}

const PAUSE_MS = 20
const [BEFORE, AFTER] = [300, 8000]

/** Loads the best message of one session at a time: the hit, else the first one. `changed` is called once it is there. */
export function createPreviews(store: Store, changed: () => void): Previews {
  let shown: { key: string; preview?: Preview } = { key: '' }
  let timer: NodeJS.Timeout | undefined
  const load = async (id: string, hit: Hit | undefined): Promise<Preview> => {
    const range = hit ? { from: hit.seq, limit: 1 } : { limit: 1, visible: true }
    for await (const [message] of store.messages({ id }, range)) {
      if (message && (!hit || message.id === hit.message)) return { heading: headingOf(message), text: aroundHit(message.content, hit) }
    }
    return { heading: hit ? headingOf(hit) : 'no messages', text: hit?.snippet ?? '' }
  }
  return {
    of(entry, hit) {
      const key = `${entry.id} ${hit?.message}`
      if (shown.key === key) return shown.preview
      const next: typeof shown = { key }
      shown = next
      clearTimeout(timer)
      timer = setTimeout(() => {
        void load(entry.id, hit)
          .catch((error): Preview => ({ heading: 'cannot be read', text: messageOf(error) }))
          .then((preview) => {
            next.preview = preview
            if (shown === next) changed()
          })
      }, PAUSE_MS)
      return undefined
    },
    stop: () => clearTimeout(timer),
  }
}

const headingOf = ({ seq, role }: Pick<Message, 'seq' | 'role'> | Hit) => `#${seq} ${role}`

/** A long text from shortly before the first word of a hit. */
function aroundHit(text: string, hit: Hit | undefined): string {
  const [[start, end] = [0, 0]] = hit?.offsets ?? []
  const from = Math.max(0, text.indexOf(hit?.snippet.slice(start, end) ?? '') - BEFORE)
  return `${from > 0 ? '…' : ''}${text.slice(from, from + AFTER)}`
}
