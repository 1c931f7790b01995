import { isTooDeep, type Session } from 'ainative-code'
import { serverClient } from '../zerodb/index.ts'
import type { SessionRow } from './server-rows.ts'

/** The registers of a row that have the expected form. */
type Registers = Map<string, { value: string | null; stamp: string }>

/**
 * Converts a row to a session. Returns undefined for a session that its owner deleted. A value of an unexpected form counts as absent. Only
 * this file and shared-messages.ts interpret values that another user wrote.
 */
export async function sharedSession(row: SessionRow): Promise<Session | undefined> {
  const { sessionOf } = await serverClient()
  const registers = registersOf(row.registers)
  if (registers.has('purged')) return undefined
  const stamps = [...registers.values()].map(({ stamp }) => stamp)
  const newest = [...stamps, row.newest ?? ''].sort().at(-1) ?? ''
  const { deleted_at, parent_id: _, forked_message_id: __, ...session } = sessionOf(row.id, registers, newest)
  if (deleted_at !== undefined) return undefined
  const { title, metadata, extra } = session
  return {
    ...session,
    title: title.trim() === '' ? '(untitled)' : title,
    metadata: isTooDeep(metadata) ? {} : metadata,
    message_count: row.messages,
    ...(extra && { extra: isTooDeep(extra) ? {} : extra }),
    origin: { shared: row.id, owner: row.owner, team: row.team },
  }
}

/** Returns the registers of a row that have the expected form. */
export function registersOf(registers: unknown): Registers {
  const known: Registers = new Map()
  for (const [key, register] of Object.entries(registers ?? {})) {
    const { v: value = null, h: stamp } = (register ?? {}) as { v?: unknown; h?: unknown }
    if (typeof stamp === 'string' && (value === null || typeof value === 'string')) known.set(key, { value, stamp })
  }
  return known
}
