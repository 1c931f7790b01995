import type { NewMessage, Piece, Store } from 'ainative-code'

/** How far what is stored may be behind what came. */
const BEHIND_MS = 250
const BEHIND_CHARS = 1024

/** Keeps a reply while it comes: what was stored stays, whatever happens to this process. */
export interface Keeper {
  add(piece: Piece): void
  /** Stores the whole message in place of its pieces, and of messages of these ids. */
  settle(message: NewMessage, instead?: string[]): Promise<void>
}

/** Stores pieces of a message of a session as they come, as a partial one. A disk that is full now may have room later, so nothing is given up. */
export function createKeeper(store: Store, session: string, message: NewMessage): Keeper {
  let held: Required<Piece> = { text: '', reasoning: '' }
  let begun = false
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  const begin = async (piece: Required<Piece>) => {
    try {
      await store.save([{ id: session, append: [{ ...message, ...contentOf(piece) }] }])
    } catch (error) {
      // A hook that comes after may fail where the message is stored.
      if (!(await store.said({ id: session })).some(({ id }) => id === message.id)) throw error
    }
    begun = true
  }
  const write = async () => {
    const piece = held
    held = { text: '', reasoning: '' }
    try {
      await (begun ? store.grow(session, message.id, piece) : begin(piece))
    } catch {
      // Tried again with the next piece, and told of at the end.
      held = { text: piece.text + held.text, reasoning: piece.reasoning + held.reasoning }
    }
  }
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(write)
  }
  return {
    add({ text = '', reasoning = '' }) {
      held.text += text
      held.reasoning += reasoning
      if (held.text.length + held.reasoning.length >= BEHIND_CHARS) flush()
      else timer ??= setTimeout(flush, BEHIND_MS)
    },
    async settle(whole, instead) {
      clearTimeout(timer)
      await writing
      await store.save([
        { id: session, ...(begun ? { replace: [whole] } : { append: [whole] }), ...(instead && { removeMessages: instead }) },
      ])
    },
  }
}

/** What a reply is stored as; its parts only where it has more than text. */
export const contentOf = ({ text, reasoning }: Required<Piece>): Pick<NewMessage, 'content' | 'parts'> => ({
  content: text,
  ...(reasoning && { parts: [{ type: 'reasoning', text: reasoning }, ...(text ? [{ type: 'text', text }] : [])] }),
})
