/** A register on the wire: its value as JSON text, and its stamp. */
export interface SentRegister {
  v: string | null
  h: string
}

/** A session on the server: its registers by key. */
export interface SessionRow {
  kind: 's'
  rev: number
  session: string
  registers: Record<string, SentRegister>
  /** The lowest version of a client that understands the row. */
  needs: number
  /** True if the server holds the row without encryption, although the account is encrypted. */
  isPlain?: true
}

/** A message on the server. `body` is null for a removed message. */
export interface MessageRow {
  kind: 'm'
  rev: number
  session: string
  key: string
  place: string
  stamp: string
  body: string | null
  needs: number
  /** True if the server holds the row without encryption, although the account is encrypted. */
  isPlain?: true
}

/** A session of a push: the registers that the server lacks. */
export interface SentSession {
  id: string
  registers: Record<string, SentRegister>
  /** The stamp of the last withdrawal that this device knows. */
  floor?: string
  /** With a withdrawal, the revision up to which this device has read the account. */
  at?: number
  needs?: number
}

/** A message of a push. */
export interface SentMessage {
  session: string
  id: string
  place: string
  stamp: string
  body: string | null
  floor?: string
  needs?: number
}

/** The sessions and messages of one push. */
export interface Batch {
  sessions: SentSession[]
  messages: SentMessage[]
}
