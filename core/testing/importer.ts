import assert from 'node:assert/strict'
import type { ImportedSession, Importer } from '../contract/importer.ts'
import type { Case } from './case.ts'

/** The contract of an importer; `path` is a history that the importer reads. */
export const importerCases = (importer: Importer, path: string): Case[] => [
  {
    name: `importer ${importer.name}: detects its own history`,
    run: async () => assert.equal(await importer.detect(path), true),
  },
  {
    name: `importer ${importer.name}: rejects a path that does not exist`,
    run: async () => assert.equal(await importer.detect(`${path}.missing`), false),
  },
  {
    name: `importer ${importer.name}: reads sessions with an origin, and messages with a role`,
    async run() {
      const sessions = await readAll(importer, path)
      assert.ok(sessions.length > 0, 'the history has no session')
      for (const { session, messages } of sessions) {
        assert.ok(session.origin, `session ${session.id} has no origin`)
        for (const { role } of messages) assert.match(role, /^(system|user|assistant|tool)$/)
      }
    },
  },
  {
    name: `importer ${importer.name}: reads the same sessions from the same history`,
    run: async () => assert.deepEqual(await readAll(importer, path), await readAll(importer, path)),
  },
]

async function readAll(importer: Importer, path: string): Promise<ImportedSession[]> {
  const sessions: ImportedSession[] = []
  for await (const session of importer.read(path)) sessions.push(session)
  return sessions
}
