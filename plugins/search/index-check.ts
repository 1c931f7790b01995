import { messageOf, type Watcher } from 'ainative-code'
import type { Access, Finding } from '../sqlite/index.ts'
import { checkIndex, isDamage } from './index-damage.ts'
import { INDEX_VERSION } from './index-version.ts'
import { readState } from './index-writer.ts'
import { emptyIndex, isComplete, updateIndex } from './update-index.ts'

/** Finds problems of the search index. Every problem can be fixed, because the index is built from the messages. */
export async function findIndexProblems(access: Access): Promise<Finding[]> {
  const state = readState(access.connection)
  const rebuild = { remedy: 'rebuild the index', fix: (watcher: Watcher) => rebuildIndex(access, watcher) }
  if (!state) return [{ problem: 'the index is missing', ...rebuild }]
  if (state.version === '') return []
  if (state.version !== INDEX_VERSION) return [{ problem: 'the index was built by another version of this program', ...rebuild }]
  const damage = await findDamage(access)
  if (damage !== undefined) return [{ problem: damage, ...rebuild }]
  if (isComplete(access.connection)) return []
  return [
    {
      problem: 'some messages are not indexed',
      remedy: 'index these messages',
      fix: async (watcher) => void (await updateIndex(access, watcher)),
    },
  ]
}

/** Rebuilds the index. */
export async function rebuildIndex(access: Access, watcher: Watcher): Promise<void> {
  await emptyIndex(access)
  await updateIndex(access, watcher)
}

async function findDamage({ connection, write }: Access): Promise<string | undefined> {
  try {
    checkIndex(connection)
    if (!connection.memory && !connection.readonly)
      await write(async () => connection.exec("insert into search_index(search_index) values ('integrity-check')"))
    return undefined
  } catch (error) {
    // Other errors, such as a full disk or a lock, say nothing about the index.
    return isDamage(error) ? messageOf(error) : undefined
  }
}
