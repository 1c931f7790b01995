import type { Named } from '../kernel/registry.ts'
import type { Message, Session, Transcript } from '../session/session.ts'

/** A way to write sessions as text. */
export interface Format extends Named {
  /** With its dot: `.md`. */
  extension: string
  write(session: Transcript): string | Promise<string> | AsyncIterable<string>
  /** In place of write, for sessions too large to hold: their messages come in pages; `many` says that others share the file. */
  stream?(session: Session, pages: AsyncIterable<Message[]>, many: boolean): AsyncIterable<string>
  /** What stands around several sessions in one file. */
  many?: { begin: string; between: string; end: string }
}
