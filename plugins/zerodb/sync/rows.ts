/** A register on the wire: its value as JSON text, and its stamp. */
export interface SentRegister {
  v: string | null
  h: string
}

/** A session as it is pushed and pulled: its registers by key. */
export interface SessionRow {
  kind: 's'
  rev: number
  session: string
  registers: Record<string, SentRegister>
  /** True if the server holds the row without encryption, although the account is encrypted. */
  isPlain?: true
}

/** A message as it is pushed and pulled; `body` is null once it was removed. */
export interface MessageRow {
  kind: 'm'
  rev: number
  session: string
  key: string
  place: string
  stamp: string
  body: string | null
  /** True if the server holds the row without encryption, although the account is encrypted. */
  isPlain?: true
}

/** A message of a push. */
export interface SentMessage {
  session: string
  id: string
  place: string
  stamp: string
  body: string | null
}

/** What one push sends. */
export interface Batch {
  sessions: { id: string; registers: Record<string, SentRegister> }[]
  messages: SentMessage[]
}
