import { oneLine } from 'ainative-code'
import { sql } from 'kysely'
import type { Access } from '../../sqlite/index.ts'
import type { Server } from '../server/connect.ts'
import { ask } from '../sync/ask.ts'
import { localOf } from '../sync/local.ts'
import { isLive } from '../sync/registers.ts'
import type { Codec } from './codec.ts'
import { publicKeyOf, sealFor } from './identity.ts'
import { addKeys, currentKey, keysOf } from './session-keys.ts'
import { type Grant, NO_READERS, openRecord, type ShareRecord, sealRecord, shareAad } from './share-record.ts'
import { checkMembers, type Member, membersOf, refusedText } from './team-keys.ts'

/** A share of the user, as the server returns it. */
interface ShareRow extends Grant {
  /** False once the share expired, or its owner left the team. */
  isOpen: boolean
  members: Member[]
  /** The encrypted record; null before the keys are sealed for the first time. */
  record: string | null
  /** The names of the members for whom the server has sealed keys. */
  sealedFor: string[]
}

/** A verified share of the user. */
interface OwnShare {
  row: ShareRow
  /** The public keys of the members who may have the keys of the session, by name. */
  readers: Map<string, string>
  /** The record of the last time that the keys were sealed. */
  before: ShareRecord
}

interface SealOptions {
  /** The ids of the sessions whose shares are sealed; undefined for all. */
  only?: readonly string[]
  /** A new share, which has no record yet. */
  grant?: Grant
  warn(text: string): void
}

/**
 * Seals the keys of shared sessions for the members of their teams, and removes sealed keys of former members. A session whose keys a
 * former member has gets a new key. Must run before a push: the push then uses the new key, and members have the key when a message
 * arrives.
 */
export async function sealShares(access: Access, server: Server, codec: Codec, options: SealOptions): Promise<void> {
  const local = localOf(access.connection)
  const shares: OwnShare[] = []
  for (const row of await readShares(server, options.only)) {
    const share = await checkShare(access, server, codec, row, options)
    if (share) shares.push(share)
  }
  const master = codec.master.key.id
  const outdated = shares.filter(
    (share) => hasFormerReader(share) || (share.row.isOpen && !currentKey(local.registers(share.row.session), master)),
  )
  const sessions = new Set(outdated.map(({ row }) => row.session))
  if (sessions.size > 0) await access.write(async () => addKeys(local, [...sessions], master))
  for (const share of shares) await sealShare(access, server, codec, share)
}

const readShares = (server: Server, only: readonly string[] | undefined) =>
  ask(
    server,
    sql<ShareRow>`
    select s.id, s.session, s.team, zerodb.is_open(s) as "isOpen", ${membersOf(sql`s.team`)} as members,
      (select k.sealed from zerodb.share_key k where k.share = s.id and k.member = zerodb.me()) as record,
      array(select k.member from zerodb.share_key k where k.share = s.id and k.member <> zerodb.me() order by k.member) as "sealedFor"
    from zerodb.share s where s.owner = zerodb.me() and (${only ?? null}::text[] is null or s.session = any(${only ?? null}::text[]))`,
  )

/** Determines who may have the keys of a share. Returns undefined for a share that this device must not seal. */
async function checkShare(
  access: Access,
  server: Server,
  { account }: Codec,
  row: ShareRow,
  { grant, warn }: SealOptions,
): Promise<OwnShare | undefined> {
  const registers = localOf(access.connection).registers(row.session)
  const keys = [...keysOf(registers).values()]
  const before = openRecord(account, row, row.record) ?? (isSame(row, grant) ? NO_READERS : undefined)
  if (!before || keys.some(({ ended }) => ended.includes(row.id))) {
    warn(unverifiedText(row))
    return undefined
  }
  // This device has not read the session, or lacks one of its keys: another device seals the share.
  if (!isLive(registers) || before.keys.some((id) => keys.every((key) => key.id !== id))) return undefined
  const { readers, refused } = await checkMembers(access, server, row.isOpen ? row.members : [], warn)
  for (const problem of refused) warn(refusedText(problem))
  return { row, readers, before }
}

const isSame = (row: Grant, grant: Grant | undefined) => row.id === grant?.id && row.session === grant.session && row.team === grant.team

/** The warning for a share that no device of the account created with encryption, or that was ended. */
const unverifiedText = ({ session, team }: Grant) =>
  `no key is sealed for the share of ${oneLine(session)} with ${oneLine(team)}: none of your devices created this share with encryption. session share creates it again, session unshare ends it`

/** True if the keys were sealed for someone who may no longer read the session, or whose public key has changed. */
const hasFormerReader = ({ before, readers }: OwnShare) => before.members.some(([name, key]) => readers.get(name) !== key)

/** Seals all keys of a shared session for all readers. Does nothing if the server has these keys already. */
async function sealShare(access: Access, server: Server, codec: Codec, { row, readers, before }: OwnShare): Promise<void> {
  const keys = keysOf(localOf(access.connection).registers(row.session))
  const members = [...readers].sort(([a], [b]) => (a < b ? -1 : 1))
  const record: ShareRecord =
    members.length > 0 ? { sender: publicKeyOf(codec.master), keys: [...keys.keys()].sort(), members } : NO_READERS
  const isStored = JSON.stringify(row.sealedFor) === JSON.stringify(members.map(([name]) => name))
  if (row.record !== null && isStored && JSON.stringify(before) === JSON.stringify(record)) return
  const sealed = members.map(([member, key]) => ({
    member,
    sealed: sealFor(key, [...keys.values()], codec.master, shareAad(row.id, server.user, row.session, member)),
  }))
  await writeShare(server, row, sealRecord(codec.account, row, record), sealed)
}

/** Replaces the sealed keys of a share. Does nothing if another device has replaced them since, or if the share has ended. */
const writeShare = (server: Server, { id, record }: ShareRow, next: string, sealed: { member: string; sealed: string }[]) =>
  ask(server, sql`select zerodb.seal_share(${id}, ${record}::text, ${next}, ${JSON.stringify(sealed)}::jsonb)`)
