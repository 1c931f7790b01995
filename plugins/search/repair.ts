import type { Watcher } from 'ainative-code'
import type { Access } from '../sqlite/index.ts'
import { checkIndex, isDamage } from './index-damage.ts'
import { emptyIndex, updateIndex } from './update-index.ts'

/** Runs a search; if the index is damaged, rebuilds the index and runs the search again. */
export async function withRepair<T>(access: Access, options: Watcher, work: () => T | Promise<T>): Promise<T> {
  try {
    checkIndex(access.connection)
    return await work()
  } catch (error) {
    if (!isDamage(error)) throw error
    await emptyIndex(access)
    await updateIndex(access, options)
    return work()
  }
}
