import { type Change, type NewMessage, type Piece, Problem, type Store } from 'ainative-code'
import { contentOf } from './reply.ts'

/** Pieces are stored after this time or this number of bytes, whichever is reached first. */
const DELAY_MS = 250
const DELAY_BYTES = 1024

/** The maximum number of attempts to save while another process has locked the database. */
const MAX_SAVES = 12

/** Stores a reply while it arrives, so that an end of the process loses little of it. */
export interface ReplyWriter {
  add(piece: Piece): void
  /** Stores the message in place of its pieces, and removes the messages with these ids. */
  finish(message: NewMessage, removed: string[]): Promise<void>
}

/** Stores the pieces of a reply as a partial message. If a piece cannot be stored, for example on a full disk, the next write stores it. */
export function createReplyWriter(store: Store, session: string, message: NewMessage, note: (text: string) => void): ReplyWriter {
  const pieces = createPieceStore(store, session, message)
  let isQueued = false
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (isQueued) return
    isQueued = true
    writing = writing.then(() => {
      isQueued = false
      return pieces.write()
    })
  }
  return {
    add(piece) {
      pieces.add(piece)
      if (pieces.size() >= DELAY_BYTES && !pieces.isFailing()) flush()
      else timer ??= setTimeout(flush, DELAY_MS)
    },
    async finish(whole, removed) {
      clearTimeout(timer)
      await writing
      if (pieces.isFailing()) note('the end of the reply could not be stored; trying once more')
      try {
        const change = pieces.hasStarted() ? { replace: [whole] } : { append: [whole] }
        await saveWhenUnlocked(store, { id: session, ...change, removeMessages: removed }, note)
      } catch (error) {
        if (pieces.hasStarted() || !(await pieces.isStored())) await pieces.write()
        throw error
      }
    },
  }
}

const EMPTY: Required<Piece> = { text: '', reasoning: '' }

const joinPieces = (first: Required<Piece>, { text = '', reasoning = '' }: Piece): Required<Piece> => ({
  text: first.text + text,
  reasoning: first.reasoning + reasoning,
})

const bytesOf = ({ text = '', reasoning = '' }: Piece) => Buffer.byteLength(text) + Buffer.byteLength(reasoning)

/** Creates a buffer for the pieces that are not stored yet. */
function createBuffer() {
  let content = EMPTY
  let bytes = 0
  return {
    size: () => bytes,
    add(piece: Piece) {
      content = joinPieces(content, piece)
      bytes += bytesOf(piece)
    },
    /** Empties the buffer. */
    take(): Required<Piece> | undefined {
      if (bytes === 0) return undefined
      const taken = content
      content = EMPTY
      bytes = 0
      return taken
    },
    putBack(piece: Required<Piece>) {
      content = joinPieces(piece, content)
      bytes += bytesOf(piece)
    },
  }
}

/** Stores a message in pieces: the first write appends the message, and later ones extend it. */
function createPieceStore(store: Store, session: string, message: NewMessage) {
  const buffer = createBuffer()
  let hasStarted = false
  let isFailing = false
  const isStored = async () => (await store.modelMessages({ id: session })).some(({ id }) => id === message.id)
  const append = async (piece: Required<Piece>) => {
    try {
      await store.save([{ id: session, append: [{ ...message, ...contentOf(piece) }] }])
    } catch (error) {
      // A hook that runs after the save may have failed although the message is stored.
      if (!(await isStored())) throw error
    }
    hasStarted = true
  }
  return {
    isStored,
    hasStarted: () => hasStarted,
    isFailing: () => isFailing,
    add: buffer.add,
    size: buffer.size,
    /** Stores the content of the buffer. After a failure, the buffer keeps its content for the next write. */
    async write() {
      const piece = buffer.take()
      if (!piece) return
      try {
        await (hasStarted ? store.grow(session, message.id, piece) : append(piece))
        isFailing = false
      } catch {
        isFailing = true
        buffer.putBack(piece)
      }
    },
  }
}

async function saveWhenUnlocked(store: Store, change: Change, note: (text: string) => void): Promise<void> {
  for (let count = 1; ; count++) {
    try {
      return await store.save([change])
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'locked' || count === MAX_SAVES) throw error
      if (count === 1) note('another process has locked the database; waiting to store the reply')
    }
  }
}
