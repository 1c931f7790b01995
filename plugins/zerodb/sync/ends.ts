import type { Local } from './local.ts'
import type { MessageRow } from './rows.ts'
import type { Ends } from './statements.ts'

/** Reads how the sync of a session ended, once for all messages of a session in a row. */
export function createEnds(local: Local) {
  let last: { session: string; ends: Ends | undefined } | undefined
  return {
    of(session: string): Ends | undefined {
      if (last?.session !== session || last.ends?.isLocal) last = { session, ends: local.ends(session) }
      return last.ends
    },
    forget() {
      last = undefined
    },
  }
}

/** True if the session may be deleted: of its fields, its messages change only this one. */
export const hasDeletion = (local: Local, id: string) => local.register(id, 'deleted_at') !== undefined || hasEnd(local, id)

/** True if a purge or a withdrawal has removed the message. */
export function isEnded(local: Local, { session, stamp }: MessageRow): boolean {
  const { purged, withdrawn, isLocal } = local.ends(session) ?? {}
  return Boolean(purged) || (!isLocal && stamp <= (withdrawn ?? ''))
}

/** True if the session ended here or elsewhere, or stays on one device. */
function hasEnd(local: Local, id: string): boolean {
  const { purged, withdrawn, isLocal } = local.ends(id) ?? {}
  return Boolean(purged ?? withdrawn) || isLocal === 1
}
