import type { Json } from '../contract/session.ts'
import type { Change } from '../contract/store.ts'

/** The metadata that keeps a session on this device. */
export const LOCAL_ONLY = { sync: 'local-only' } as const

/** True if this metadata keeps its session on this device. */
export const isLocalOnly = ({ sync }: Json): boolean => sync === LOCAL_ONLY.sync

/** True if a session with this metadata stays on this device after a change, or before its removal. */
export function staysLocal(metadata: Json, { create, setMeta, unsetMeta, remove }: Change): boolean {
  if (remove) return isLocalOnly(metadata)
  const { sync } = { ...metadata, ...create?.metadata, ...setMeta }
  return isLocalOnly({ sync }) && !unsetMeta?.includes('sync')
}
