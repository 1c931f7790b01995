import { createHash } from 'node:crypto'
import type { NewMessage } from 'ainative-code'

/**
 * The id of a message that has none in its file, in the form of a ULID. It is a hash of the message, so that two devices which import the
 * same file have the same messages. `timestamp` is the time of the message in its file, empty if the file has no time for the message: the
 * time of the import differs between devices.
 */
export function idFor(session: string, { role, content }: NewMessage, timestamp: string, taken: Set<string>): string {
  for (let n = 0; ; n++) {
    const hash = createHash('sha256').update(`${session}\n${role}\n${timestamp}\n${n}\n`).update(content.toWellFormed()).digest()
    // 26 digits of 5 bits; the first one of a ULID is at most 7.
    const id = Array.from({ length: 26 }, (_, i) => DIGITS[(hash[i] ?? 0) % (i === 0 ? 8 : 32)]).join('')
    if (!taken.has(id)) return id
  }
}

/** The digits of a ULID. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
