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
  /** The version of a client that is needed to understand the row. */
  needs: number
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
  needs: number
}
