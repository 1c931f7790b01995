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
 * The keys that the owner of a share sealed, and the members for whom. The owner's row of the share holds this record, encrypted for all
 * devices of the account. The record proves that the owner created the share: without this proof, whoever controls the server could share
 * any session with any team.
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

/** Returns the associated data of the keys that are sealed for a member. */
export const shareAad = (share: string, owner: string, session: string, member: string) => ['share', share, owner, session, member]

/** Returns the key of the records. A rotation does not change the secret of the account, so records stay readable. */
const recordKey = ({ secret }: Account): Key => ({ id: 'shares', bytes: derive(secret, 'shares') })
const recordAad = ({ id, session, team }: Grant) => ['shares', id, session, team]

/** Encrypts the record of a share. */
export const sealRecord = (account: Account, grant: Grant, record: ShareRecord): string =>
  seal(recordKey(account), JSON.stringify(record), recordAad(grant))

/** Decrypts the record of a share. Returns undefined if there is no record, or if the record was changed. */
export function openRecord(account: Account, grant: Grant, sealed: string | null): ShareRecord | undefined {
  if (sealed === null) return undefined
  try {
    return parseJson(open(recordKey(account), sealed, recordAad(grant))) as ShareRecord
  } catch {
    return undefined
  }
}
