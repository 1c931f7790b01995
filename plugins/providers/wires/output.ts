import type { ChatChunk } from 'ainative-code'

/** Whether the API has ended the reply: not yet, perhaps (more may follow), or for certain. */
export type End = 'open' | 'likely' | 'certain'

/** More notes than this about one reply help nobody. */
const MAX_NOTES = 10

/** Holds the chunks of a reply until they are taken, and whether the reply has ended. */
export function createOutput() {
  const notes = new Set<string>()
  let chunks: ChatChunk[] = []
  const output = {
    end: 'open' as End,
    /** True once any part of the answer was understood. Until then its notes wait: the answer may be no reply at all. */
    isKnown: false,
    /** How often the reader understood or noted something. */
    activity: 0,
    /** The number of chunks with content. */
    contents: 0,
    hasNotes: () => notes.size > 0,
    push(chunk: ChatChunk) {
      output.activity++
      chunks.push(chunk)
    },
    /** Adds content. Content after an end shows that the reply continues. */
    send(chunk: ChatChunk) {
      output.isKnown = true
      output.contents++
      if (output.end === 'certain') output.end = 'likely'
      output.push(chunk)
    },
    note(text: string) {
      output.activity++
      if (notes.size > MAX_NOTES || notes.has(text)) return
      notes.add(text)
      chunks.push({ note: notes.size > MAX_NOTES ? 'more of the reply was not understood' : text })
    },
    take(): ChatChunk[] {
      if (!output.isKnown) return []
      const taken = chunks
      chunks = []
      return taken
    },
  }
  return output
}

/** The output of the reader of a reply. */
export type Output = ReturnType<typeof createOutput>
