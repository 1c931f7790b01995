import type { ChatChunk } from 'ainative-code'

/** Whether the wire said that the reply ended: not yet, perhaps (more may follow), or for certain. */
export type End = 'open' | 'likely' | 'certain'

/** More notes than this about one reply help nobody. */
const MAX_NOTES = 10

/** The chunks of a reply until they are taken, and whether it ended. */
export function createOutput() {
  const notes = new Set<string>()
  let chunks: ChatChunk[] = []
  const output = {
    end: 'open' as End,
    /** Whether anything of the answer was understood. Until then its notes wait: it may be no reply at all. */
    known: false,
    /** How often the wire understood or noted something. */
    heard: 0,
    /** How many pieces of content came. */
    contents: 0,
    hasNotes: () => notes.size > 0,
    push(chunk: ChatChunk) {
      output.heard++
      chunks.push(chunk)
    },
    /** Adds content. Content after an end shows that the reply goes on. */
    send(chunk: ChatChunk) {
      output.known = true
      output.contents++
      if (output.end === 'certain') output.end = 'likely'
      output.push(chunk)
    },
    note(text: string) {
      output.heard++
      if (notes.size > MAX_NOTES || notes.has(text)) return
      notes.add(text)
      chunks.push({ note: notes.size > MAX_NOTES ? 'more of the reply was not understood' : text })
    },
    take(): ChatChunk[] {
      if (!output.known) return []
      const taken = chunks
      chunks = []
      return taken
    },
  }
  return output
}

export type Output = ReturnType<typeof createOutput>
