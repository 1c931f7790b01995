import { messageOf, type Watcher } from 'ainative-code'
import type { Access, Finding } from '../sqlite/index.ts'
import { checkIndex, isDamage } from './damage.ts'
import { stateOf } from './keep.ts'
import { bringUpToDate, isComplete, rebuild } from './update.ts'
import { INDEX_VERSION } from './version.ts'

/** What is wrong with the search index. Nothing is lost with it: it is made from the messages. */
export async function findFaults(access: Access): Promise<Finding[]> {
  const state = stateOf(access.connection)
  const remake = { remedy: 'make it anew', fix: (watcher: Watcher) => remakeIndex(access, watcher) }
  if (!state) return [{ problem: 'it is lost', ...remake }]
  if (state.version === '') return []
  if (state.version !== INDEX_VERSION) return [{ problem: 'another version of this program made it', ...remake }]
  const fault = await faultOf(access)
  if (fault !== undefined) return [{ problem: fault, ...remake }]
  if (isComplete(access.connection)) return []
  return [{ problem: 'it lacks some messages', remedy: 'add them', fix: async (watcher) => void (await bringUpToDate(access, watcher)) }]
}

/** Makes the index anew. */
export async function remakeIndex(access: Access, watcher: Watcher): Promise<void> {
  await rebuild(access)
  await bringUpToDate(access, watcher)
}

async function faultOf({ connection, write }: Access): Promise<string | undefined> {
  try {
    checkIndex(connection)
    if (!connection.memory && !connection.readonly)
      await write(async () => connection.exec("insert into search_index(search_index) values ('integrity-check')"))
    return undefined
  } catch (error) {
    // A full or locked disk says nothing of the index.
    return isDamage(error) ? messageOf(error) : undefined
  }
}
