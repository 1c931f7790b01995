import { type Message, messageOf, type Store } from 'ainative-code'
import type { Entry } from './entry.ts'
import type { Hit } from './find-messages.ts'

/** A message of the selected session. */
export interface Preview {
  /** The text, from shortly before the first match. */
  text: string
  /** The heading: the number and role of the message. */
  heading: string
}

/** Loads and caches the preview of the selected session. */
export interface Previews {
  /** The preview of an entry, or undefined while the preview loads. */
  of(entry: Entry, hit: Hit | undefined): Preview | undefined
  stop(): void
}

/** The delay before a preview loads, so that fast moves load nothing. */
const PAUSE_MS = 20
/** The number of characters to show before and after the start of a match. */
const [BEFORE, AFTER] = [300, 8000]

/** Creates a loader that loads one preview at a time. A preview shows the hit, or else the first message. `changed` is called when a preview has loaded. */
export function createPreviews(store: Store, changed: () => void): Previews {
  let current: { key: string; preview?: Preview } = { key: '' }
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
      if (current.key === key) return current.preview
      const next: typeof current = { key }
      current = next
      clearTimeout(timer)
      timer = setTimeout(() => {
        void load(entry.id, hit)
          .catch((error): Preview => ({ heading: 'the message cannot be read', text: messageOf(error) }))
          .then((preview) => {
            next.preview = preview
            if (current === next) changed()
          })
      }, PAUSE_MS)
      return undefined
    },
    stop: () => clearTimeout(timer),
  }
}

const headingOf = ({ seq, role }: Pick<Message, 'seq' | 'role'> | Hit) => `#${seq} ${role}`

/** Cuts a long text to the part around the first match. */
function aroundHit(text: string, hit: Hit | undefined): string {
  const [[start, end] = [0, 0]] = hit?.offsets ?? []
  const from = Math.max(0, text.indexOf(hit?.snippet.slice(start, end) ?? '') - BEFORE)
  return `${from > 0 ? '…' : ''}${text.slice(from, from + AFTER)}`
}
