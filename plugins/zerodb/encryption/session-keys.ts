import { randomBytes } from 'node:crypto'
import { nextStamp } from '../sync/clock.ts'
import { changeState, type Local, writeRegister } from '../sync/local.ts'
import { isKeyRegister, KEY_PREFIX, PURGED, type Registers, WITHDRAWN } from '../sync/registers.ts'
import { KEY_BYTES } from './master.ts'
import type { Key } from './seal.ts'

/** A key of a session. A session can have several keys, for example of two devices. Each key opens the texts that it sealed. */
export interface SessionKey extends Key {
  /** The id of the master key at the time when the key was created. */
  master: string
  stamp: string
  /** The ids of shares that had ended when the key was created. The server cannot restore these shares. */
  ended: readonly string[]
}

/** The registers that remain after the keys of their session are removed. A key of the account seals these registers. */
export const END_REGISTERS: readonly string[] = [PURGED, WITHDRAWN]

const ID_BYTES = 8

/** Reads the keys of a session from its registers. Returns the keys by id. */
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

/** Parses the value of a key register. Returns undefined for a value of a newer version. */
function readKey(value: string): Pick<SessionKey, 'bytes' | 'master' | 'ended'> | undefined {
  try {
    const { key, master, ended = [] } = JSON.parse(value) as { key: string; master: string; ended?: string[] }
    return { bytes: Buffer.from(key, 'base64'), master, ended }
  } catch {
    return undefined
  }
}

/** Returns the key for new values: the newest key since the last rotation. `master` is the id of the current master key. */
export function currentKey(registers: Registers, master: string): SessionKey | undefined {
  const keys = [...keysOf(registers).values()].filter((key) => key.master === master)
  return keys.sort((a, b) => (a.stamp < b.stamp ? 1 : -1))[0]
}

/** Adds a new key to each session. The key also records the ids of shares that ended. A purged session gets no key. */
export function addKeys(local: Local, sessions: readonly string[], master: string, ended?: readonly string[]): void {
  changeState(local, (state) => {
    for (const session of sessions) {
      if (local.register(session, PURGED)) continue
      const value = JSON.stringify({ key: randomBytes(KEY_BYTES).toString('base64'), master, ended })
      writeRegister(local, state, session, KEY_PREFIX + randomBytes(ID_BYTES).toString('hex'), { value, stamp: nextStamp(state) })
    }
  })
}

/** Gives all keys of sessions new stamps, so that the next push sends them, sealed with the current master key. */
export function renewKeys(local: Local): void {
  changeState(local, (state) => {
    for (const { session, key, value } of local.keyRegisters())
      writeRegister(local, state, session, key, { value, stamp: nextStamp(state) })
  })
}
