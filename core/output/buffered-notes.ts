import type { Io } from '../contract/host.ts'
import type { ShownText } from '../contract/view.ts'

/** Streams that hold notes back while a result is written to the terminal, so that no note appears within the result. */
export interface BufferedNotes {
  io: Io
  /** Returns the same text. Its first chunk ends the progress line, and later notes wait for flush(). */
  watch(text: ShownText): ShownText
  /** Writes the notes that were held back. */
  flush(): void
}

/** Wraps streams so that notes wait while a text is written. */
export function bufferNotes(io: Io): BufferedNotes {
  const notes: string[] = []
  let begun = false
  return {
    io: {
      ...io,
      note: (text) => (begun ? void notes.push(text) : io.note(text)),
      progress: (text) => (begun ? undefined : io.progress(text)),
    },
    watch(text) {
      const watched = async function* () {
        for await (const piece of text.chunks) {
          if (!begun) io.progress('')
          begun = true
          yield piece
        }
      }
      return { ...text, chunks: watched() }
    },
    flush() {
      begun = false
      for (const note of notes.splice(0)) io.note(note)
    },
  }
}
