import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import { isoTime, Problem } from 'ainative-code'
import type { Access } from '../../sqlite/index.ts'
import type { Server } from '../server/connect.ts'
import { MAX_SKEW, stampTime } from './clock.ts'
import { localOf, readState } from './local.ts'
import { type Applied, type Feed, pull, pullSessions, serverTime } from './pull.ts'
import { push, type Sent } from './push.ts'
import { recordSome, setTriggers } from './record.ts'
import { NOTHING } from './state.ts'

/** What a sync does. */
export interface SyncOptions {
  push: boolean
  pull: boolean
  /** Reads and sends everything again, still by merge. */
  force: boolean
  /** The ids of the sessions to sync; undefined for all. */
  only?: string[]
  signal?: AbortSignal
  progress(text: string): void
}

/** What a sync did. `equal` tells whether both sides have the same digest. */
export interface SyncResult {
  pulled: Applied
  pushed: Sent
  equal: boolean
  /** The number of rows that could not be applied. */
  aside: number
}

/** The number of changed rows that are compared in one transaction. */
const RECORD = 2000

/** Sets up sync in a database at its first sync: gives the device an id, and every session its stamps. */
export async function setUp(access: Access): Promise<void> {
  const local = localOf(access.connection)
  const place = placeOf(access.connection.name)
  if (local.state('place') !== place)
    await access.write(async () => {
      // A copy of the database on another machine or under another path is another device.
      local.setState('device', randomBytes(8).toString('hex'))
      local.setState('place', place)
      if (local.state('digest') !== undefined) return
      local.setState('digest', NOTHING)
      access.connection.exec("insert or ignore into sync_touched select 'a', pk, null from sessions where staged is null")
    })
  setTriggers(access.connection)
  while (await access.write(async () => recordSome(access.connection, RECORD)));
}

/** The machine and path of a database. */
function placeOf(file: string): string {
  const machine = ['/etc/machine-id', '/var/lib/dbus/machine-id'].map(readText).find(Boolean) ?? ''
  return [os.hostname(), machine.trim(), fs.realpathSync(file)].join('\n')
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Reads what others changed, sends what this device changed, and compares both sides. */
export async function sync(access: Access, server: Server, options: SyncOptions): Promise<SyncResult> {
  await setUp(access)
  if (options.force) await restart(access)
  const result: SyncResult = { pulled: { sessions: 0, messages: 0 }, pushed: { sessions: 0, messages: 0 }, equal: false, aside: 0 }
  // Another device may push between the own pull and push.
  for (let rounds = 0; rounds < MAX_ROUNDS && (await syncRound(access, server, options, result)); rounds++) options.signal?.throwIfAborted()
  const { aside } = access.connection.prepare('select count(*) as aside from sync_aside').get() as { aside: number }
  await access.write(async () => localOf(access.connection).setState('synced', isoTime(Date.now())))
  return { ...result, aside }
}

/** One pull and one push. Returns whether another round is needed. */
async function syncRound(access: Access, server: Server, options: SyncOptions, result: SyncResult): Promise<boolean> {
  const feed = await pullInto(access, server, options, result)
  if (feed && isBehind(access, feed.rev)) await restart(access)
  const sent = options.push
    ? await push(access, server, options.only, ({ messages }) => options.progress(`pushed ${messages} messages`))
    : NONE
  add(result.pushed, sent)
  if (!feed) return false
  if (sent.sessions + sent.messages > 0) return true
  result.equal = feed.digest === bits(readState(localOf(access.connection))?.digest)
  if (result.equal || !options.push) return false
  await restart(access)
  return true
}

const NONE: Sent = { sessions: 0, messages: 0 }

function add(total: Sent, { sessions, messages }: Sent): void {
  total.sessions += sessions
  total.messages += messages
}

/** The number of rounds after which a sync ends although others go on changing the account. */
const MAX_ROUNDS = 10

/** Pulls, if the options want it. Returns the feed if all sessions were compared. */
async function pullInto(access: Access, server: Server, options: SyncOptions, result: SyncResult): Promise<Feed | undefined> {
  if (!options.pull || options.only) {
    checkClock(access, await serverTime(server))
    if (options.pull && options.only) add(result.pulled, await pullSessions(access, server, options.only))
    return undefined
  }
  const feed = await pull(access, server, ({ messages }) => options.progress(`pulled ${messages} messages`))
  add(result.pulled, feed)
  checkClock(access, feed.now)
  return feed
}

/** Refuses to push stamps of a clock that is far from the server's: they would win over every later change of other devices. */
function checkClock({ connection }: Access, now: number): void {
  const state = readState(localOf(connection))
  const own = Math.max(Date.now(), stampTime(state?.time ?? '0'))
  const wrong = Math.abs(Date.now() - now) > MAX_SKEW ? Date.now() : own - now > MAX_SKEW ? own : undefined
  if (wrong === undefined) return
  throw new Problem('clock', `the clock of this device is ${isoTime(wrong)}, but the server's is ${isoTime(now)}: nothing was pushed`, {
    hint: 'set the clock of this device, then sync again',
  })
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
