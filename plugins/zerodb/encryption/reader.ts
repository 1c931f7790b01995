import type { Local } from '../sync/local.ts'
import { isLive } from '../sync/registers.ts'
import type { MessageRow, SessionRow } from '../sync/rows.ts'
import type { Codec } from './codec.ts'
import { isSealed, keyIdOf } from './seal.ts'
import { keysOf, type SessionKey } from './session-keys.ts'

/** Decrypts rows of the server. */
export interface Reader {
  /** Decrypts a row. Throws if the row was changed, or if the row is encrypted and the account is not. */
  read<T extends SessionRow | MessageRow>(row: T): T
  /** True if this device knows the session of a message, and the key of its body. */
  knows(row: MessageRow): boolean
}

/** Creates a reader for one page of rows. Sessions must be read before their messages. */
export function createReader(local: Local, codec: Codec | undefined): Reader {
  const sessions = new Map<string, { exists: boolean; keys: Map<string, SessionKey> }>()
  const find = (id: string) => {
    const known = sessions.get(id)
    if (known) return known
    const registers = local.registers(id)
    const found = { exists: isLive(registers), keys: keysOf(registers) }
    sessions.set(id, found)
    return found
  }
  return {
    read(row) {
      if (!codec) return requirePlain(row)
      if (row.kind === 'm') return codec.openMessage(row, find(row.session).keys) as typeof row
      const opened = codec.openSession(row)
      // Needed for the last messages of a session that ends: the device does not store the keys of such a session.
      for (const [id, key] of keysIn(opened)) find(row.session).keys.set(id, key)
      return opened as typeof row
    },
    knows(row) {
      const { exists, keys } = find(row.session)
      return exists && (!codec || !isSealed(row.body) || keys.has(idOrNone(row.body)))
    },
  }
}

/** The row, decrypted; undefined if that fails: then not even its stamp is sure. */
export function readOrNothing<T extends SessionRow | MessageRow>(reader: Reader, row: T): T | undefined {
  try {
    return reader.read(row)
  } catch {
    return undefined
  }
}

const keysIn = ({ registers }: SessionRow) => keysOf(Object.entries(registers).map(([key, { v, h }]) => [key, { value: v, stamp: h }]))

function idOrNone(sealed: string): string {
  try {
    return keyIdOf(sealed)
  } catch {
    return ''
  }
}

/** Refuses an encrypted row of an account without encryption: someone removed the key-check value of the account. */
function requirePlain<T extends SessionRow | MessageRow>(row: T): T {
  const values = row.kind === 'm' ? [row.body] : Object.values(row.registers).map(({ v }) => v)
  if (values.some(isSealed)) throw new Error('the row is encrypted, although the account is not')
  return row
}
