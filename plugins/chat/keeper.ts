import { type NewMessage, type Piece, Problem, type Store } from 'ainative-code'

/** How far what is stored may be behind what came. */
const BEHIND_MS = 250
const BEHIND_BYTES = 1024

const NOTHING: Required<Piece> = { text: '', reasoning: '' }

/** Keeps a reply while it comes: what was stored stays, whatever happens to this process. */
export interface Keeper {
  add(piece: Piece): void
  /** Stores the whole message in place of its pieces, and of messages of these ids. */
  settle(message: NewMessage, instead: string[]): Promise<void>
}

/** How often a whole reply is tried for while another process has locked the database; each time it is waited for. */
const PATIENCE = 12

/** Stores pieces of a message of a session as they come, as a partial one. A disk that is full now may have room later, so nothing is given up. */
export function createKeeper(store: Store, session: string, message: NewMessage, note: (text: string) => void): Keeper {
  let held = NOTHING
  let bytes = 0
  let begun = false
  let failing = false
  let queued = false
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  /** A hook that comes after a save may fail where the message is stored. */
  const isStored = async () => (await store.said({ id: session })).some(({ id }) => id === message.id)
  const begin = async (piece: Required<Piece>) => {
    try {
      await store.save([{ id: session, append: [{ ...message, ...contentOf(piece) }] }])
    } catch (error) {
      if (!(await isStored())) throw error
    }
    begun = true
  }
  const write = async () => {
    queued = false
    if (bytes === 0) return
    const [piece, size] = [held, bytes]
    held = NOTHING
    bytes = 0
    try {
      await (begun ? store.grow(session, message.id, piece) : begin(piece))
      failing = false
    } catch {
      // Tried again by the timer, and told of at the end.
      failing = true
      held = { text: piece.text + held.text, reasoning: piece.reasoning + held.reasoning }
      bytes += size
    }
  }
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (queued) return
    queued = true
    writing = writing.then(write)
  }
  const save = async (whole: NewMessage, instead: string[]) => {
    const change = { id: session, ...(begun ? { replace: [whole] } : { append: [whole] }), removeMessages: instead }
    for (let tries = 1; ; tries++) {
      try {
        return await store.save([change])
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'locked' || tries === PATIENCE) throw error
        if (tries === 1) note('another process has locked the database; the reply waits for it')
      }
    }
  }
  return {
    add({ text = '', reasoning = '' }) {
      held = { text: held.text + text, reasoning: held.reasoning + reasoning }
      bytes += Buffer.byteLength(text) + Buffer.byteLength(reasoning)
      if (bytes >= BEHIND_BYTES && !failing) flush()
      else timer ??= setTimeout(flush, BEHIND_MS)
    },
    async settle(whole, instead) {
      clearTimeout(timer)
      await writing
      if (failing) note('what came last could not be stored; trying once more')
      try {
        await save(whole, instead)
      } catch (error) {
        if (begun || !(await isStored())) await write()
        throw error
      }
    },
  }
}

/** The stored form of a reply; it has parts only where it holds more than text. */
export function contentOf({ text, reasoning, parts = [] }: Required<Piece> & { parts?: unknown[] }): Pick<NewMessage, 'content' | 'parts'> {
  const thoughts = reasoning ? [{ type: 'reasoning', text: reasoning }] : []
  if (thoughts.length + parts.length === 0) return { content: text }
  return { content: text, parts: [...thoughts, ...(text ? [{ type: 'text', text }] : []), ...parts] }
}
