import { randomBytes } from 'node:crypto'
import { nextStamp } from '../sync/clock.ts'
import { changeState, type Local, writeRegister } from '../sync/local.ts'
import { isKeyRegister, KEY_PREFIX, PURGED, type Registers, WITHDRAWN } from '../sync/registers.ts'
import { KEY_BYTES } from './master.ts'
import type { Key } from './seal.ts'

/** A key of a session. Two devices may each have made one; all of them open what they sealed. */
export interface SessionKey extends Key {
  /** The id of the master key of the time when it was made. */
  master: string
  stamp: string
  /** The ids of shares that ended when it was made. The server cannot bring them back. */
  ended: readonly string[]
}

/** Registers that outlive the keys of their session. A key of the account seals them. */
export const ENDS: readonly string[] = [PURGED, WITHDRAWN]

const ID_BYTES = 8

/** The keys of a session by their ids. */
export function keysOf(
  registers: Iterable<readonly [key: string, register: { value: string | null; stamp: string }]>,
): Map<string, SessionKey> {
  const keys = new Map<string, SessionKey>()
  for (const [name, { value, stamp }] of registers) {
    if (!isKeyRegister(name) || value === null) continue
    const found = readKey(value)
    const id = name.slice(KEY_PREFIX.length)
    if (found) keys.set(id, { ...found, id, stamp })
  }
  return keys
}

/** Reads the value of a key register; undefined for one of a newer version. */
function readKey(value: string): Pick<SessionKey, 'bytes' | 'master' | 'ended'> | undefined {
  try {
    const { key, master, ended = [] } = JSON.parse(value) as { key: string; master: string; ended?: string[] }
    return { bytes: Buffer.from(key, 'base64'), master, ended }
  } catch {
    return undefined
  }
}

/** The key for new values: the newest one that was made since the last rotation. */
export function currentKey(registers: Registers, master: string): SessionKey | undefined {
  const keys = [...keysOf(registers).values()].filter((key) => key.master === master)
  return keys.sort((a, b) => (a.stamp < b.stamp ? 1 : -1))[0]
}

/** Gives sessions a new key, which also notes the ids of shares that ended. A purged session needs none. */
export function addKeys(local: Local, sessions: readonly string[], master: string, ended?: readonly string[]): void {
  changeState(local, (state) => {
    for (const session of sessions) {
      if (local.register(session, PURGED)) continue
      const value = JSON.stringify({ key: randomBytes(KEY_BYTES).toString('base64'), master, ended })
      writeRegister(local, state, session, KEY_PREFIX + randomBytes(ID_BYTES).toString('hex'), { value, stamp: nextStamp(state) })
    }
  })
}

/** Gives all keys of sessions new stamps, so that the next push seals them with the current master key. */
export function renewKeys(local: Local): void {
  changeState(local, (state) => {
    for (const { session, key, value } of local.keyRegisters())
      writeRegister(local, state, session, key, { value, stamp: nextStamp(state) })
  })
}
