import { customRandom } from 'nanoid'
import { monotonicFactory } from 'ulid'
import { randomBytes } from '../files/random.ts'

/** The form of a session id. */
export const SESSION_ID = /^[0-9a-z]{12}$/

/** Creates a session id: 12 characters of 0-9a-z from a CSPRNG. */
export const newSessionId = customRandom('0123456789abcdefghijklmnopqrstuvwxyz', 12, randomBytes)

let ulid: ReturnType<typeof monotonicFactory> | undefined

/** Creates a message id: a ULID. Ids of one process sort in the order of their creation. */
export function newMessageId(): string {
  ulid ??= monotonicFactory(() => (randomBytes(1)[0] as number) / 256)
  return ulid()
}
