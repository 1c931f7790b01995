import { isoTime, plural } from 'ainative-code'
import type { Access } from '../../sqlite/index.ts'
import { sealShares } from '../encryption/seal-shares.ts'
import { encryptionOf, finishAccount, prepareAccount } from '../encryption/turn-on.ts'
import { codecOf } from '../encryption/unlock.ts'
import type { Server } from '../server/connect.ts'
import { checkClock } from './check-clock.ts'
import { localOf, readState } from './local.ts'
import { type Applied, type Feed, pull, pullSessions, readServer, type ServerState } from './pull.ts'
import { push, type Sent } from './push.ts'
import { retry } from './retry.ts'
import { forgetServer, setUp } from './set-up.ts'

/** What a sync does. */
export interface SyncOptions {
  push: boolean
  pull: boolean
  /** Reads and sends everything again, still by merge. */
  force: boolean
  /** Applies again what could not be applied. */
  retry?: boolean
  /** The ids of the sessions to sync; undefined for all. */
  only?: string[]
  signal?: AbortSignal
  progress(text: string): void
  /** Called with a warning of the server, perhaps several times. */
  warn(text: string): void
}

/** What a sync did. `equal` tells whether both sides have the same digest. */
export interface SyncResult {
  pulled: Applied
  pushed: Applied
  equal: boolean
  /** The number of rows that could not be applied. */
  aside: number
}

/** Reads what others changed, sends what this device changed, and compares both sides. */
export async function sync(access: Access, server: Server, options: SyncOptions): Promise<SyncResult> {
  await setUp(access, server)
  await retry(access, server, options.retry ?? false)
  if (options.force) await forgetServer(access)
  const result: SyncResult & { reread?: true } = {
    pulled: { sessions: 0, messages: 0 },
    pushed: { sessions: 0, messages: 0 },
    equal: false,
    aside: 0,
  }
  // Another device may push between the own pull and push.
  for (let rounds = 0; rounds < MAX_ROUNDS && (await syncRound(access, server, options, result)); rounds++) options.signal?.throwIfAborted()
  const { reread: _, ...counts } = result
  const codec = await codecOf(server)
  await access.write(async () => {
    const local = localOf(access.connection)
    local.setState('synced', isoTime(Date.now()))
    local.setState('encryption', encryptionOf(codec))
    local.dropState('error')
  })
  return { ...counts, aside: access.connection.prepare('select count(*) from sync_aside').pluck().get() as number }
}

/** One pull and one push. Returns whether another round is needed. */
async function syncRound(access: Access, server: Server, options: SyncOptions, result: SyncResult & { reread?: true }): Promise<boolean> {
  const feed = await pullInto(access, server, options, result)
  if (feed && isBehind(access, feed.rev)) await forgetServer(access)
  if (feed && options.push && !(await prepareAccount(access, server, feed.rev))) return true
  const codec = options.push ? await codecOf(server) : undefined
  if (codec) await sealShares(access, server, codec, options)
  const sent = options.push ? await pushFrom(access, server, options) : NONE
  if (!sent) return true
  add(result.pushed, sent)
  if (!feed) return false
  if (sent.sessions + sent.messages + sent.refused > 0) return true
  if (options.push) await finishAccount(access, server, options.warn)
  result.equal = feed.digest === bits(readState(localOf(access.connection))?.digest)
  if (result.equal || !options.push || result.reread) return false
  result.reread = true
  await forgetServer(access)
  return true
}

/** Pushes, if need be more than the options want: encryption that has begun is not left half done. */
async function pushFrom(access: Access, server: Server, { only, progress }: SyncOptions): Promise<Sent | undefined> {
  const isWhole = (await codecOf(server))?.account.hasPlain
  return push(access, server, isWhole ? undefined : only, ({ messages }) => progress(`pushed ${plural(messages, 'message')}`))
}

const NONE: Sent = { sessions: 0, messages: 0, refused: 0 }

function add(total: Applied, { sessions, messages }: Applied): void {
  total.sessions += sessions
  total.messages += messages
}

/** The number of rounds after which a sync ends although others go on changing the account. */
const MAX_ROUNDS = 10

/** Pulls, if the options want it. Returns the feed if all sessions were compared. */
async function pullInto(access: Access, server: Server, options: SyncOptions, result: SyncResult): Promise<Feed | undefined> {
  if (!options.pull || options.only) {
    const state = await readServer(server)
    if (state.warning) options.warn(state.warning)
    await checkClock(access, state.now)
    if (options.push && needsAll(server, state)) return pullAll(access, server, options, result)
    if (options.pull && options.only) add(result.pulled, await pullSessions(access, server, options.only))
    return undefined
  }
  return pullAll(access, server, options, result)
}

/** True if the account is, or will be, encrypted, and still has rows that are not. */
const needsAll = ({ key }: Server, { codec }: ServerState) => codec?.account.hasPlain ?? key !== undefined

async function pullAll(access: Access, server: Server, options: SyncOptions, result: SyncResult): Promise<Feed> {
  const feed = await pull(access, server, ({ messages }) => options.progress(`pulled ${plural(messages, 'message')}`))
  add(result.pulled, feed)
  if (feed.warning) options.warn(feed.warning)
  await checkClock(access, feed.now)
  return feed
}

/** True if the server has fewer changes than this device has read: it was restored from a backup. */
const isBehind = (access: Access, rev: number) => rev < Number(localOf(access.connection).state('cursor') ?? 0)

/** A digest as PostgreSQL prints `bit(128)`. */
const bits = (digest: Buffer | undefined) => [...(digest ?? [])].map((byte) => byte.toString(2).padStart(8, '0')).join('')
