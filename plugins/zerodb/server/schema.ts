import type { ColumnType, Generated } from 'kysely'

/** The version of the server's schema that this program needs and installs. */
export const SCHEMA_VERSION = 1

/** The version of the oldest client that may use the installed schema. */
export const MIN_CLIENT = 1

/** The version of the rows that this program understands. An object, so that a test can change the version. */
export const CLIENT = { version: SCHEMA_VERSION }

/** The tables of the schema `zerodb`. */
export interface ServerSchema {
  'zerodb.meta': MetaTable
  'zerodb.feed': FeedTable
  'zerodb.session': SessionTable
  'zerodb.message': MessageTable
  'zerodb.share': ShareTable
  'zerodb.share_key': ShareKeyTable
  'zerodb.person': PersonTable
}

/** One row: the version of the schema, and the oldest client that understands it. */
export interface MetaTable {
  version: number
  min_client: number
}

/** One row for each user. */
export interface FeedTable {
  owner: string
  /** The last revision of a row of this owner. */
  rev: Generated<number>
  /** 128 bits as a text of 0 and 1: the XOR of the digests of all sessions. */
  digest: Generated<string>
  key_check: string | null
}

/** One row for each session, with its registers as JSON. */
export interface SessionTable {
  owner: string
  id: string
  rev: number
  registers: ColumnType<Record<string, unknown>, string, string>
  /** The lowest version of a client that understands the row. */
  needs: Generated<number>
}

/** One row for each message. */
export interface MessageTable {
  owner: string
  session: string
  id: string
  rev: number
  /** The stamp with which the message was added. Messages of a session are in the order of `place`. */
  place: string
  stamp: string
  /** JSON as text, because jsonb cannot hold \u0000; null for a removed message. */
  body: string | null
  needs: Generated<number>
}

/** A session that its owner shares with a team. */
export interface ShareTable {
  /** Chosen by the server. */
  id: Generated<string>
  owner: string
  session: string
  team: string
  created_at: ColumnType<Date, never, never>
  /** Null for a share without an end. */
  expires_at: ColumnType<Date | null, Date | null | undefined, Date | null>
}

/** The keys of a shared session, sealed for a member of the team. */
export interface ShareKeyTable {
  share: string
  member: string
  sealed: string
}

/** The public key of each user who encrypts. */
export interface PersonTable {
  name: string
  public_key: string
}
