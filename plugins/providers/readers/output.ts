import type { ChatChunk } from 'ainative-code'

/** Whether the API has ended the reply: `open` for no, `likely` if more may follow, `certain` for yes. */
export type ReplyEnd = 'open' | 'likely' | 'certain'

/** The maximum number of notes about one reply. */
const MAX_NOTES = 10

/** Creates a buffer for the chunks of a reply, which also records whether the reply has ended. */
export function createOutput() {
  const notes = new Set<string>()
  let chunks: ChatChunk[] = []
  const output = {
    end: 'open' as ReplyEnd,
    /** True after the reader has understood any part of the answer. Until then notes are held, because the answer may not be a reply. */
    isKnown: false,
    /** Increases when the reader understands or notes something. */
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
      chunks.push({ note: notes.size > MAX_NOTES ? 'further unknown content of the reply was skipped' : text })
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

/** The buffer for the chunks of a reply. */
export type Output = ReturnType<typeof createOutput>
