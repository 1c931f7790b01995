import type { Named } from './registry.ts'
import type { NewMessage, NewSession } from './store.ts'

/** A session from another tool. `origin` of the session names the tool and the session's id there. */
export interface ImportedSession {
  session: NewSession
  messages: NewMessage[]
}

/** A reader of another tool's history. */
export interface Importer extends Named {
  /** True if this importer can read the file or folder. */
  detect(path: string): Promise<boolean>
  /** The paths where the tool keeps its history on this machine. */
  locate?(): string[]
  /** Reads the sessions of a file or folder, one at a time. */
  read(path: string): AsyncIterable<ImportedSession>
}
