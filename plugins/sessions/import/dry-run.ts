import { type Context, type Import, type ImportMode, type ImportResult, Problem } from 'ainative-code'

/** Creates an import that counts the sessions to add, merge and skip, without writing. */
export async function createDryRun({ host }: Context, mode: ImportMode): Promise<Import> {
  const store = await host.store()
  const ids = new Set<string>()
  const result: ImportResult = { added: 0, merged: 0, skipped: 0, messages: 0 }
  return {
    async stage(session, messages) {
      const exists = ids.has(session.id) || (await store.get(session.id)) !== undefined
      ids.add(session.id)
      if (exists && mode === 'refuse')
        throw new Problem('exists', `there is already a session ${session.id}`, { hint: '--new-id, --skip-existing or --merge' })
      result[exists ? (mode === 'merge' ? 'merged' : 'skipped') : 'added']++
      if (!exists) result.messages += messages.length
    },
    commit: async () => result,
    abort: async () => undefined,
  }
}
