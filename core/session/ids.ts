import { customRandom } from 'nanoid'
import { monotonicFactory } from 'ulid'
import { randomBytes } from '../files/random.ts'

export const SESSION_ID = /^[0-9a-z]{12}$/

/** A new session id: 12 characters of 0-9a-z from a CSPRNG. */
export const newSessionId = customRandom('0123456789abcdefghijklmnopqrstuvwxyz', 12, randomBytes)

let ulid: ReturnType<typeof monotonicFactory> | undefined

/** A new message id: a ULID, sortable by time and by the order in which one process made them. */
export function newMessageId(): string {
  ulid ??= monotonicFactory(() => (randomBytes(1)[0] as number) / 256)
  return ulid()
}
