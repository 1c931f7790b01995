import type { Named } from './registry.ts'
import type { Message, Session, Transcript } from './session.ts'

/** An export format. */
export interface Format extends Named {
  /** With its dot: `.md`. */
  extension: string
  write(session: Transcript): string | Promise<string> | AsyncIterable<string>
  /**
   * Replaces `write` for sessions that are too large to hold in memory: messages arrive in pages. `many` is true if the file holds several
   * sessions.
   */
  stream?(session: Session, pages: AsyncIterable<Message[]>, many: boolean): AsyncIterable<string>
  /** The text around several sessions in one file. */
  many?: { begin: string; between: string; end: string }
}
