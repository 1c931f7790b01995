import type { Kysely } from 'kysely'
import type { Heartbeat, Schema } from './schema.ts'

/** A process counts as dead when its last heartbeat is older than this, in milliseconds. */
const SILENT_MS = 3_600_000

const hostName = () => process.getBuiltinModule('node:os').hostname()

/** The heartbeat of this process at this moment. */
export const heartbeat = (): Heartbeat => ({ pid: process.pid, host: hostName(), beat_at: Date.now() })

const isDead = ({ pid, host, beat_at }: Heartbeat) => Date.now() - beat_at > SILENT_MS || (host === hostName() && !isAlive(pid))

/** The keys of the imports and of the partial messages whose process died. */
export async function findAbandoned(db: Kysely<Schema>): Promise<{ imports: number[]; replies: number[] }> {
  const imports = (await db.selectFrom('imports').selectAll().execute()).filter(isDead)
  const replies = (await db.selectFrom('replies').selectAll().execute()).filter(isDead)
  return { imports: imports.map(({ pk }) => pk), replies: replies.map(({ message }) => message) }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
