import type { ColumnType, Generated } from 'kysely'

/** The version of the server's schema that this program needs and installs. */
export const SCHEMA_VERSION = 1

/** The version of the oldest client that may use the installed schema. */
export const MIN_CLIENT = 1

/** The version of the rows that this program understands. An object, so that a test can run a newer program. */
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

/** The table `zerodb.session`: a row per session. */
export interface SessionTable {
  owner: string
  id: string
  rev: number
  registers: ColumnType<Record<string, unknown>, string, string>
  /** The version of the client that is needed to understand the row. */
  needs: Generated<number>
}

/** The table `zerodb.message`: a row per message. */
export interface MessageTable {
  owner: string
  session: string
  id: string
  rev: number
  /** The stamp of its first appearance, which decides its place in the session. */
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

/** The key of a shared session, sealed to a member of the team. */
export interface ShareKeyTable {
  share: string
  member: string
  sealed: string
}

/** The table `zerodb.person`: the public key of each user. */
export interface PersonTable {
  name: string
  public_key: string
}
