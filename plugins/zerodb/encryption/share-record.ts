import { parseJson } from 'ainative-code'
import type { Account } from './account.ts'
import { derive } from './master.ts'
import { type Key, open, seal } from './seal.ts'

/** A share of a session with a team. */
export interface Grant {
  id: string
  session: string
  team: string
}

/**
 * For whom the owner of a share sealed which keys. The owner's own row of the share has it, encrypted for all devices of the account. It
 * proves that the owner made the share: without it, whoever controls the server could share any session with any team.
 */
export interface ShareRecord {
  /** The public key of the owner at that time. */
  sender: string
  /** The ids of the sealed keys of the session, in order. */
  keys: string[]
  /** The members and their public keys, by name. */
  members: [name: string, publicKey: string][]
}

/** The record of a share whose keys nobody has. */
export const NO_READERS: ShareRecord = { sender: '', keys: [], members: [] }

/** What the keys that are sealed for a member are bound to. */
export const aboutShare = (share: string, owner: string, session: string, member: string) => ['share', share, owner, session, member]

/** A rotation keeps the secret of the account, so it keeps the records. */
const recordKey = ({ secret }: Account): Key => ({ id: 'shares', bytes: derive(secret, 'shares') })
const about = ({ id, session, team }: Grant) => ['shares', id, session, team]

/** Encrypts the record of a share. */
export const sealRecord = (account: Account, grant: Grant, record: ShareRecord): string =>
  seal(recordKey(account), JSON.stringify(record), about(grant))

/** Decrypts the record of a share; undefined if there is none, or if it was changed. */
export function openRecord(account: Account, grant: Grant, sealed: string | null): ShareRecord | undefined {
  if (sealed === null) return undefined
  try {
    return parseJson(open(recordKey(account), sealed, about(grant))) as ShareRecord
  } catch {
    return undefined
  }
}
