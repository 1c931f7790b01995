import { randomBytes } from 'node:crypto'
import type { Access } from '../../sqlite/index.ts'
import type { Server } from '../server/connect.ts'
import { localOf, readState } from './local.ts'
import { type Applied, pull } from './pull.ts'
import { push, type Sent } from './push.ts'
import { recordSome, setTriggers } from './record.ts'
import { NOTHING } from './state.ts'

/** What a sync does. */
export interface SyncOptions {
  push: boolean
  pull: boolean
  /** Reads and sends everything again, still by merge. */
  force: boolean
  progress(text: string): void
}

/** What a sync did. `equal` tells whether both sides have the same digest. */
export interface SyncResult {
  pulled: Applied
  pushed: Sent
  equal: boolean
}

/** The number of changed rows that are compared in one transaction. */
const RECORD = 2000

/** Sets up sync in a database at its first sync: gives the device an id, and every session its stamps. */
export async function setUp(access: Access): Promise<void> {
  const local = localOf(access.connection)
  if (!readState(local))
    await access.write(async () => {
      local.setState('device', randomBytes(8).toString('hex'))
      local.setState('digest', NOTHING)
      access.connection.exec("insert or ignore into sync_touched select 'a', pk, null from sessions where staged is null")
    })
  setTriggers(access.connection)
  while (await access.write(async () => recordSome(access.connection, RECORD)));
}

/** Reads what others changed, sends what this device changed, and compares both sides. */
export async function sync(access: Access, server: Server, options: SyncOptions): Promise<SyncResult> {
  await setUp(access)
  if (options.force) await restart(access)
  const result: SyncResult = { pulled: { sessions: 0, messages: 0 }, pushed: { sessions: 0, messages: 0 }, equal: false }
  // Another device may push between the own pull and push.
  for (let rounds = 0; rounds < MAX_ROUNDS; rounds++) {
    const feed = await pullInto(access, server, options, result)
    if (feed && isBehind(access, feed.rev)) await restart(access)
    const sent = options.push ? await push(access, server, ({ messages }) => options.progress(`pushed ${messages} messages`)) : undefined
    result.pushed.sessions += sent?.sessions ?? 0
    result.pushed.messages += sent?.messages ?? 0
    if (!feed) return result
    if (sent?.sessions || sent?.messages) continue
    result.equal = feed.digest === bits(readState(localOf(access.connection))?.digest)
    if (result.equal || !options.push) return result
    await restart(access)
  }
  return result
}

/** The number of rounds after which a sync ends although others go on changing the account. */
const MAX_ROUNDS = 10

async function pullInto(access: Access, server: Server, options: SyncOptions, result: SyncResult) {
  if (!options.pull) return undefined
  const feed = await pull(access, server, ({ messages }) => options.progress(`pulled ${messages} messages`))
  result.pulled.sessions += feed.sessions
  result.pulled.messages += feed.messages
  return feed
}

/** True if the server has fewer changes than this device has read: it was restored from a backup. */
const isBehind = (access: Access, rev: number) => rev < Number(localOf(access.connection).state('cursor') ?? 0)

/** Forgets what the server has, so that all is read and compared again. */
async function restart(access: Access): Promise<void> {
  await access.write(async () => {
    access.connection.exec('update sync_registers set sent = null; update sync_messages set sent = null')
    localOf(access.connection).setState('cursor', '0')
  })
}

/** A digest as PostgreSQL prints `bit(128)`. */
const bits = (digest: Buffer | undefined) => [...(digest ?? [])].map((byte) => byte.toString(2).padStart(8, '0')).join('')
