import { hash } from 'node:crypto'
import type { Clock } from './clock.ts'

/** The clock of a device, and the digest of its registers and messages. */
export interface State extends Clock {
  /** The XOR of a hash of each register and message with its stamp, 16 bytes. The server computes the same. */
  digest: Buffer
}

/** The digest of nothing. */
export const NOTHING = '0'.repeat(32)

/** The starts of keys that contain a name. Encryption hides these names, so the digest leaves them out. */
export const HIDDEN_NAMES: readonly string[] = ['tag:', 'meta:']

/** Adds an item to the digest, or removes it again. Does nothing without a stamp. */
export function toggle({ digest }: State, session: string, kind: 'r' | 'm', key: string, stamp: string | undefined): void {
  if (stamp === undefined) return
  const visible = (kind === 'r' && HIDDEN_NAMES.find((each) => key.startsWith(each))) || key
  // A text of bytes takes half as long to make as a Buffer.
  const item = hash('sha256', `${session}\n${kind}\n${visible}\n${stamp}`, 'binary')
  for (let i = 0; i < digest.length; i++) digest[i] = (digest[i] ?? 0) ^ item.charCodeAt(i)
}
